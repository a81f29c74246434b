# SPDX-License-Identifier: GPL-2.0
# What plot.gp draws: a path and the instructions of one read; memory if it has it.
[.results[] | select(.path and .op == "read" and .functions == null)
 | select(.count == 0 or ((.count == 64 or .count == 512) and .bar == "memory"))]
| map(.name = if .count > 0 then "\(.path) of \(.count)" else .path end)
| group_by(.name) | map(sort_by(.bar)[0]) | sort_by(.instructions)[]
| "\(.name) (\(.bar))\t\(.instructions)"
