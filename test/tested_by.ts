// Files of `src/` without a test of their own name, by the test that holds them: folder, and what of it. `layout_test.ts` checks
// that the test loads the file, or starts what does, that no file is missing, and that none is here that has a test of its own.

/** By test, by folder of `src/`: names without `.ts`, with a blank between. */
export const TESTED_BY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "browser/hunt_report_test.ts": {
    "report/html/client": "hunt_view",
  },
  "browser/process_view_test.ts": {
    "report/html": "labels",
    "report/html/client": "labels_view process_view",
  },
  "browser/report_test.ts": {
    "report/html/client":
      "dom flame_boxes flame_data flame_selection flame_view header_view main row_details source_lines source_view store table_view theme timeline_view tooltip virtual_list",
  },
  "browser/report_why_test.ts": {
    "report/html/client": "held_lines retaining_path",
  },
  "browser/suspects_test.ts": {
    "report/html": "marks",
    "report/html/client": "suspects_view",
  },
  "browser/resources_test.ts": {
    "track/resources/page": "page_resources page_timers",
  },
  "browser_test.ts": {
    "recording/page":
      "add_timeline download extras other_modes sizes_of_engine start_recording watch_builtins",
    recording: "recording",
    vocabulary: "recording_state start_options",
  },
  "cli/bad_input_test.ts": {
    cli: "write_output",
  },
  "cli/commands_test.ts": {
    cli: "check diff export merge open_snapshot values",
  },
  "cli/hunt_test.ts": {
    "cli/hunt": "drive hunt_command hunt_pass hunt_program hunt_report hunted_program work",
    vocabulary: "hunt_messages",
  },
  "cli/instrument_test.ts": {
    "cli/ahead":
      "deno_graph import_map manifest own_items safe_folder transform_pool transform_worker tree_items walk write_items",
  },
  "cli/main_test.ts": {
    cli: "cli_error command_line package_root",
  },
  "cli/report_test.ts": {
    "report/html": "assets",
  },
  "cli/mcp_test.ts": {
    "cli/mcp": "answer folder hunt_tool list_files parameters reader server source_text tool tools",
  },
  "cli/run_test.ts": {
    cli: "child merge_dumps runtimes tracer_flags",
    recording: "advice uninstrumented",
  },
  "cli/why_test.ts": {
    cli: "held_paths summarize_run",
    "report/terminal": "terminal_why",
  },
  "cli/view_test.ts": {
    cli: "show_view stats terminal_options top tree view_flags",
    "report/terminal": "terminal",
  },
  "host/engine_test.ts": {
    host: "engine_in_page",
  },
  "host/v8_answers_test.ts": {
    host: "given_flags",
  },
  "hosts/follow_test.ts": {
    host: "thread",
  },
  "heap/analyse_test.ts": {
    heap: "code_names data_keys dump_marks edges find_marks heap_graph heap_lines heap_mismatch heap_report hops job_refs likely_lines line_sizes node_types node_words page_owned path_roots path_shapes scripts shortest_paths weak_maps",
  },
  "heap/engine_made_test.ts": {
    heap: "counted_parts held_by_program listener_places nearest_holders traced_excess tracker_nodes unfollowed weights wrapped_rows",
  },
  "heap/snapshot_reader_test.ts": {
    heap: "graph_columns header number_list string_store",
  },
  "hosts/heap_report_test.ts": {
    "snapshot/take": "mark_lines",
    heap: "heap_job heap_worker mod options read_graph read_heap_report take_heap_report write_heap_snapshot",
  },
  "hosts/look_for_made_test.ts": {
    heap: "look_for_made look_if_asked taken_sizes",
  },
  "hosts/load_test.ts": {
    instrument: "instrument_file",
    "instrument/syntax": "package_type",
    vocabulary: "warn",
  },
  "instrument/cache/cache_folder_test.ts": {
    "instrument/cache": "trust",
  },
  "instrument/facts/captures_test.ts": {
    "instrument/facts":
      "builtin_calls class_captures closure_site function_captures function_facts variable_uses",
    sites: "closure_parameter",
  },
  "instrument/instrument_test.ts": {
    "instrument/facts": "accessors rest_bindings",
    "instrument/plan": "handlers named_by_place plan_announcements plan_suspensions wrapping",
    "instrument/syntax": "parse",
    "instrument/text": "continuations emit header names_in_file",
  },
  "instrument/maps/source_positions_test.ts": {
    "track/calls": "site_place",
  },
  "instrument/realms_test.ts": {
    "track/calls": "file_registry",
  },
  "instrument/selection_test.ts": {
    host: "working_folder",
  },
  "instrument/sites_test.ts": {
    "instrument/plan":
      "plan_accessors plan_allocations plan_calls plan_classes plan_functions plan_jsx plan_objects planner",
    "instrument/syntax": "function_name",
    sites: "decode_numbers payload payload_format site_table",
    vocabulary: "kinds",
  },
  "instrument/syntax/commonjs_names_test.ts": {
    "instrument/syntax": "commonjs_exports",
  },
  "instrument/syntax/scopes_test.ts": {
    "instrument/syntax": "open_scopes scope_names",
  },
  "integrations/bundle_size_test.ts": {
    host: "thread_in_page v8_flags_in_page",
    recording: "advice_in_page session_watch_in_page start_session_in_page",
    "snapshot/model": "script_text_in_page",
    "snapshot/pprof":
      "files_in_page process_table_in_page program_labels_in_page text_coding_in_page zlib_in_page",
    "snapshot/take": "by_path_in_page host_metadata_in_page",
    "traces/growth": "grown_in_page watch_grown_in_page",
    "traces/liveness": "background_compiler_in_page garbage_collector_in_page settle_now_in_page",
    "traces/session": "modes_in_page record_store_in_page",
    "track/builtins": "intrinsics_in_page",
    "track/calls": "countdown_first_in_page install suspended_in_page",
    "track/objects": "initial_contents_in_page",
    "track/texts": "function_text_in_page hide_frames_in_page",
    "track/texts/page": "restore_function_text",
  },
  "integrations/page_paths_test.ts": {
    recording: "at_once at_once_in_page",
    "traces/paths": "native_callers_in_page",
    "track/calls": "native_stack_in_page",
  },
  "paths/calls_test.ts": {
    "track/calls": "shadow_stack",
  },
  "plugin/http/held_line_test.ts": {
    heap: "heap_size hop_texts",
  },
  "labels_test.ts": {
    recording: "with_labels",
    "snapshot/take": "labelled",
    "traces/following": "label_shares note_followed",
  },
  "report/views/check_test.ts": {
    "report/terminal": "check_text",
    vocabulary: "workflow_commands",
  },
  "report/export/heapprofile_test.ts": {
    "report/export": "file_url",
  },
  "report/export/markdown_test.ts": {
    "report/text": "largest markdown_text",
    "report/views": "largest_path suspects",
  },
  "report/export/speedscope_test.ts": {
    "report/export": "frame_name",
  },
  "report/export/text_formats_test.ts": {
    "report/export": "chunks collapsed csv json options",
    "report/views": "measure",
  },
  "report/views/growth_test.ts": {
    "report/terminal": "terminal_growth",
    statistics: "series",
  },
  "report/hostile_profiles_test.ts": {
    "report/export": "formats",
    "report/terminal": "terminal_short_lived",
  },
  "report/html/client/rows_test.ts": {
    "report/html/client": "format paths place_growth report_data state",
  },
  "report/html/client/view_test.ts": {
    "report/html/client": "child_lists flame_layout measures view_tree",
  },
  "report/html/header_test.ts": {
    "report/html": "output_names timeline",
  },
  "report/html/packed_test.ts": {
    "report/html": "packed_model",
  },
  "report/html/page_test.ts": {
    "report/html": "write_report",
  },
  "report/html/report_model_test.ts": {
    "report/html": "figures limits model other_kinds prune report_tree tables tree_columns",
  },
  "report/call_tree/path_tree_test.ts": {
    "report/call_tree": "int_pairs",
  },
  "report/views/line_marks_test.ts": {
    "report/text": "mark_texts",
  },
  "report/views/resource_counts_test.ts": {
    "report/text": "kind_texts",
  },
  "report/views/process_memory_test.ts": {
    "report/text": "process_text",
  },
  "report/views/run_summary_test.ts": {
    "report/views": "at_peak",
  },
  "report/terminal/terminal_diff_test.ts": {
    "report/terminal": "terminal_lines",
    "report/views": "diff",
  },
  "report/terminal/terminal_stats_test.ts": {
    "report/views": "short_lived stats",
  },
  "report/terminal/terminal_top_test.ts": {
    "report/views": "top view",
  },
  "report/views/tree_test.ts": {
    "report/call_tree": "call_tree children",
    "report/terminal": "terminal_tree",
  },
  "snapshot/merge/delta_test.ts": {
    "snapshot/merge": "common_tables",
  },
  "snapshot/merge/merge_test.ts": {
    "snapshot/merge": "merge_snapshots",
  },
  "snapshot/model/read_only_test.ts": {
    "snapshot/model": "trace traces",
  },
  "snapshot/heapprofile/decode_heapprofile_test.ts": {
    "snapshot/heapprofile": "json_cursor other_json profile_frames profile_nodes",
  },
  "snapshot/model/snapshot_test.ts": {
    "snapshot/model": "column_reader columns from_traces same_traces traceback_sequences",
  },
  "snapshot/model/traceback_test.ts": {
    "snapshot/model": "frame python_repr source_lines",
  },
  "snapshot/pprof/foreign_profiles_test.ts": {
    "snapshot/pprof": "id_map merge_rows profile_names sample_types",
  },
  "snapshot/pprof/gzip_test.ts": {
    tables: "once",
    "snapshot/pprof": "crc32 gunzip inflate zlib",
  },
  "snapshot/pprof/load_errors_test.ts": {
    "snapshot/pprof": "load proto_reader sniff sniff_in_page",
    vocabulary: "errors",
  },
  "snapshot/pprof/program_labels_test.ts": {
    statistics: "label_keys",
  },
  "snapshot/pprof/round_trip_test.ts": {
    "snapshot/pprof":
      "decode_frames decode_header decode_labels decode_profile decode_samples document dump encode_profile encode_samples fields int_sequences process_table proto_writer sample_figures string_numbers string_table used_frames",
  },
  "snapshot/pprof/write_file_test.ts": {
    host: "built_in_modules",
    "snapshot/pprof": "files",
  },
  "statistics/package_keys_test.ts": {
    statistics: "package_keys_in_page",
  },
  "statistics/statistics_test.ts": {
    statistics: "compare frame_keys group key_table key_type name_keys sort statistic traceback_keys",
    tables: "code_points name_table",
  },
  "tables/tables_test.ts": {
    host: "ensure_stack",
    tables: "columns copy_into int_pair_map recent_pairs",
    "traces/blocks": "block_table",
    "traces/paths": "path_table",
  },
  "traces/liveness/exact_blocks_test.ts": {
    "traces/liveness": "exact_lines",
  },
  "traces/liveness/collect_test.ts": {
    "traces/liveness": "background_compiler garbage_collector",
  },
  "traces/session/exact_mode_test.ts": {
    "traces/following": "more_blocks",
    "traces/liveness": "heap_questions settle_now token_walk",
    "traces/sampling": "exact_sampler",
  },
  "traces/growth/growth_test.ts": {
    "traces/growth": "thinned_growth grown measure_growth watch_grown",
    "track/objects": "size_now",
  },
  "traces/following/marks_test.ts": {
    "traces/following": "held marks_for_all marks_for_some",
  },
  "traces/session/memory_test.ts": {
    "traces/session": "engine_cost",
  },
  "traces/session/pooled_buffers_test.ts": {
    "traces/session": "record_store",
    "track/objects": "view_size",
  },
  "hosts/v8_quick_ways_test.ts": {
    "traces/session": "out_of_line",
  },
  "traces/session/byte_session_test.ts": {
    "traces/sampling": "countdown",
    "traces/session": "byte_builtins sample_budget sampled_following",
    "track/calls": "countdown_first spare_bytes",
  },
  "traces/paths/native_paths_test.ts": {
    "instrument/plan": "call_places",
    recording: "start_session",
    sites: "call_places",
    "snapshot/take": "by_path",
    "traces/paths":
      "callers_before native_callers native_path_table path_figures recorded_calls spread_paths",
    "traces/sampling": "strata",
    "track/calls": "call_sites frame_sites native_frames native_stack",
  },
  "traces/sampling/sampler_test.ts": {
    tables: "random",
    "traces/sampling": "byte_sampler",
  },
  "traces/sampling/sampling_test.ts": {
    "traces/blocks": "cell_fields site_rows",
    "traces/following": "following",
    "traces/sampling": "site_budget weight_units",
    "traces/session": "session",
  },
  "tracing_test.ts": {
    host: "clock",
    recording: "collect_garbage current_session recording_control session_watch timeline_of_session",
    "snapshot/take": "host_metadata recorded session_columns",
    "traces/blocks": "user_blocks",
    "traces/session": "expected_reports modes session_builtins ticker",
    "track/calls": "activation activation_kinds delegation prepaid prepaid_slots quiet quietly recorder",
    vocabulary: "domains",
  },
  "track/builtins/builtins_test.ts": {
    sites: "builtin_tables",
    tables: "own_math safe_collections safe_set",
    "track/builtins":
      "announced builtin_reports builtin_stand_ins builtin_targets builtin_watch deferred_builtins intrinsics",
    "track/objects": "is_proxy originals tree",
  },
  "track/calls/instrumented_globals_test.ts": {
    "instrument/text": "globals",
  },
  "track/objects/deep_look_test.ts": {
    "traces/following": "wide_following",
    "traces/growth": "function_growth string_shares",
    "traces/session": "wide_session",
    "track/objects": "answered_size hidden_classes private_fields string_copies",
    "track/sizes": "v8_stores",
  },
  "track/objects/objects_test.ts": {
    "track/objects": "contents initial_contents",
  },
  "track/objects/stamp_test.ts": {
    "track/objects": "returns_argument token unwatched_token",
  },
  "track/self_size_test.ts": {
    "track/sizes": "size_primitives",
  },
  "track/sizes/size_test.ts": {
    "track/sizes": "size_grown size_jsc size_models size_spidermonkey size_v8",
    vocabulary: "kind_numbers",
  },
  "track/resources/emitters_test.ts": {
    "track/resources": "listeners owners",
    "traces/resources": "resource_blocks",
  },
  "track/resources/resources_test.ts": {
    "track/resources": "resource_recorder watched_function",
    sites: "resource_names",
  },
  "track/resources/timers_test.ts": {
    "track/resources": "later_timers resource_sizes",
  },
  "track/texts/function_to_string_test.ts": {
    "track/texts": "function_text",
  },
  "vocabulary/escape_text_test.ts": {
    "report/text": "json_text",
  },
  "vocabulary/tracker_members_test.ts": {
    vocabulary: "tracker_letters",
  },
};
