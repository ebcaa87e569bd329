// Browser compatible.

// What `start_recording.ts` fetches once a page records.
export { addTimeline } from "../timeline_of_session.ts";
