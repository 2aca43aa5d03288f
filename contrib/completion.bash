# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for vfio-doctor
_vfio_doctor() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local verb=${COMP_WORDS[1]}

	COMPREPLY=()
	case $prev in
	--format)
		local formats='text json markdown html nagios openmetrics ndjson'
		[[ $verb == plan ]] && formats='text json markdown sh'
		[[ $verb == diff ]] && formats='text json markdown'
		[[ $verb == triage ]] && formats='text markdown bbcode json snapshot'
		mapfile -t COMPREPLY < <(compgen -W "$formats" -- "$cur")
		return
		;;
	--color)
		mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur")
		return
		;;
	--guest)
		# Addresses hold colons, which split words: offer them only at a word's start.
		if [[ -d /sys/bus/pci/devices && $cur != *:* ]]; then
			mapfile -t COMPREPLY < <(compgen -W \
				"$(cd /sys/bus/pci/devices && printf '%s ' *)" -- "$cur")
		fi
		return
		;;
	--root | --rules)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
		;;
	--kernel-log | --cpuid | --baseline | --waivers | -o | --output)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	esac
	case $verb in
	snapshot)
		mapfile -t COMPREPLY < <(compgen -W \
			'--root --kernel-log --cpuid --keep-private --output --help --version' -- "$cur")
		;;
	plan | diff)
		mapfile -t COMPREPLY < <(compgen -W \
			'--format --guest --root --kernel-log --cpuid --rules --color --output --help' \
			-- "$cur")
		[[ $cur == -* ]] || mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		;;
	explain)
		mapfile -t COMPREPLY < <(compgen -W \
			"$(vfio-doctor rules list 2>/dev/null | cut -d' ' -f1)
			 --guest --root --kernel-log --cpuid --rules --color --output --help" \
			-- "$cur")
		((COMP_CWORD > 2)) && [[ $cur != -* ]] &&
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		;;
	triage)
		mapfile -t COMPREPLY < <(compgen -W \
			'--format --guest --rules --color --keep-private --explain-input --output
			 --help' -- "$cur")
		[[ $cur == -* ]] || mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		;;
	rules)
		mapfile -t COMPREPLY < <(compgen -W 'list check --rules --help' -- "$cur")
		[[ ${COMP_WORDS[2]} == check ]] &&
			mapfile -t COMPREPLY < <(compgen -f -X '!*.md' -- "$cur")
		;;
	docs)
		mapfile -t COMPREPLY < <(compgen -W 'facts snapshot --output --help' -- "$cur")
		;;
	*)
		mapfile -t COMPREPLY < <(compgen -W \
			'snapshot plan explain diff triage rules docs --format --guest --root --kernel-log --cpuid
			 --rules --color --keep-private --baseline --waive --waivers --output --help
			 --version' -- "$cur")
		[[ $cur == -* ]] || mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
		;;
	esac
}
complete -o filenames -F _vfio_doctor vfio-doctor
