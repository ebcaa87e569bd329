// Every command that reads snapshots, on very deep paths and very many lines.
import { DEPTH, testCommand } from "../cli/deep_commands.ts";

testCommand("tree --invert --json deep.pb.gz", DEPTH);
testCommand("tree --depth 3 deep.pb.gz", 3);
testCommand("diff --by traceback other.pb.gz deep.pb.gz", DEPTH);
testCommand("stats deep.pb.gz", 5);
testCommand("check deep.pb.gz --against deep.pb.gz --max-growth 5%", 1);
testCommand("tree --min 0% wide.pb.gz", DEPTH);
testCommand("top --limit 1000000 wide.pb.gz", DEPTH);
testCommand("check wide.pb.gz --against wide.pb.gz --max-growth 5% --limit 1000000", 1);
for (const format of ["json", "markdown", "collapsed", "speedscope", "csv"]) {
  testCommand(`export deep.pb.gz --format ${format} -o out`, 0);
}
