import session from "express-session";

const st = new session.MemoryStore();
let k = 0;
export const N = 1000;
export const iterate = async (n) => {
  for (let i = 0; i < n; i++)
    st.set("sid" + k++, { cookie: { expires: new Date(Date.now() - 1000) }, user: "u" + k });
  await new Promise((r) => setTimeout(r, 20));
};
