# SPDX-License-Identifier: GPL-2.0
# build/bench/bench.json as tables in Markdown.
def figure: if . == null then "" elif . < 100 then (. * 10 | round / 10 | tostring) else (round | tostring) end;
def cell($rows; $bar; $op): [$rows[] | select(.bar == $bar and .op == $op)][0].instructions | figure;

.results as $all
| "Linux \(.kernel), \(.date): guest instructions for one access of 4 bytes",
  "",
  "| | memory, read | memory, write | port, read | port, write |",
  "|---|---:|---:|---:|---:|",
  ([$all[] | select(.path and .count == 0 and .functions == null and .op != "call")]
   | group_by(.path)
   | sort_by(-([.[].instructions] | max))[]
   | . as $rows
   | "| \($rows[0].path) | \(cell($rows; "memory"; "read")) | \(cell($rows; "memory"; "write")) | \(cell($rows; "port"; "read")) | \(cell($rows; "port"; "write")) |"),
  "",
  "| program, for each operation of | 1 | 8 | 64 | 512 |",
  "|---|---:|---:|---:|---:|",
  ([$all[] | select(.path and .count > 0)]
   | group_by([.bar, .op])[]
   | sort_by(.count)
   | "| \(.[0].bar), \(.[0].op) | \([.[].instructions | figure] | join(" | ")) |"),
  "",
  "| functions in the machine | /dev/pci, of the first | of the last |",
  "|---:|---:|---:|",
  ([$all[] | select(.functions)]
   | group_by(.functions)[]
   | "| \(.[0].functions) | \(.[0].instructions | figure) | \(.[1].instructions | figure) |"),
  "",
  "| a port access that a guest makes, by examples/vmm | instructions |",
  "|---|---:|",
  ($all[] | select(.exits) | "| \(.exits) | \(.us * 1000 / .number | figure) |"),
  "",
  "| two threads against one, by the clock | median of 9 | least | most |",
  "|---|---:|---:|---:|",
  ($all[] | select(.threads) | "| \(.threads) | \(.ratio) | \(.least) | \(.most) |")
