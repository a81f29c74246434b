# SPDX-License-Identifier: GPL-2.0
# The plot: data, kernel and svg are given by bench/run.
set terminal svg size 900,560 dynamic font "sans-serif,13" background "#ffffff"
set output svg
set datafile separator "\t"
set title "One 4-byte read of a BAR, in guest instructions (Linux ".kernel."; logarithmic)"
set logscale x
set xrange [0.7:100000]
set yrange [-0.7:*] reverse
set grid xtics
set tics nomirror scale 0.5
set border 3
set style fill solid 0.85 noborder
unset key
ours(name) = strstrt(name, "bario") == 1 ? 0x2a6fb0 : 0xa8a8a8
plot data using (0.7):0:(0.7):2:($0-0.36):($0+0.36):(ours(strcol(1))):ytic(1) with boxxyerror lc rgb variable, \
	data using ($2*1.15):0:(sprintf($2 < 100 ? "%.1f" : "%.0f", $2)) with labels left
