# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# bash's completion for bario: commands, options, and the devices of this machine.

_bario()
{
	local word=${COMP_WORDS[COMP_CWORD]} line="${COMP_LINE:0:COMP_POINT}" words from=""

	COMPREPLY=()
	# An address has colons, at which bash may break words: what is typed of it
	# counts from the last blank, and what is before the last break is left out.
	word=${line##* }
	case $COMP_WORDBREAKS in
	*:*) [[ $word != *:* ]] || from=${word%:*}: ;;
	esac
	if [ "$COMP_CWORD" = 1 ]; then
		words=$(bario --help | sed -n 's/^  \([a-z]*\) .*/\1/p')
	elif [[ $word == -* ]]; then
		words=$(bario "${COMP_WORDS[1]}" --help | grep -o -e '--[a-z-]*')
	elif [ "${COMP_WORDS[1]}" = list ]; then
		return
	else
		words=$(bario list 2>/dev/null | sed -n 's/^\([0-9a-f][^ ]*\) .*/\1/p')
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
	COMPREPLY=("${COMPREPLY[@]#"$from"}")
	[ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- "$word")
}

complete -F _bario bario
