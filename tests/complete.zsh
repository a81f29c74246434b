# SPDX-License-Identifier: GPL-2.0
# zsh tests/complete.zsh SHELL DIR LINE...: what an interactive zsh or bash, with
# the completion of DIR, makes of each line and a tab: the line that it becomes,
# "|", and what it lists below it. "bash-colons" is a bash that does not break words
# at colons.
emulate zsh
setopt extended_glob
zmodload zsh/zpty || exit 1

# Nothing but what completion itself writes, and ^G, which shows the line.
case $1 in
zsh)
	start='zsh -f -i'
	setup=("PS1= PROMPT_EOL_MARK=; fpath=(${(q)2} \$fpath)"
		'autoload -Uz compinit && compinit -u -D; unset zle_bracketed_paste'
		'shown() { print -r -- "<<$BUFFER>>"; BUFFER= }; zle -N shown; bindkey "^G" shown')
	;;
bash*)
	start='bash --norc --noprofile -i'
	setup=("PS1=; . ${(q)2}/bario.bash"
		'bind "set show-all-if-ambiguous on" "set enable-bracketed-paste off"'
		'shown() { echo "<<$READLINE_LINE>>"; READLINE_LINE=; }; bind -x "\"\C-g\": shown"')
	[[ $1 == bash ]] || setup+=('COMP_WORDBREAKS=${COMP_WORDBREAKS//:}')
	;;
esac
shift 2
zpty line "TERM=dumb exec $start"
for command in $setup 'echo READ""Y'; do
	zpty -w line $command
done
zpty -r -m line out '*READY*'
for text; do
	zpty -w -n line "$text"$'\t\a'
	zpty -r -m line out '*<<*>>*'
	out=${${out//$'\e['[0-9;]#m/}//$'\r'/}
	become=${${out##*<<}%%>>*}
	listed=(${=${(F)${(f)out}:#*bario*}})
	print -r -- "$become|$listed"
done
zpty -d line
