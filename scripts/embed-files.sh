#!/bin/bash
# Writes files into Swift as literals: what is text as it is, the rest as base64. The build runs it (Plugins/EmbedFiles).
# usage: scripts/embed-files.sh OUTPUT ROOT FILE...   FILE is relative to ROOT; it is named by its folder and name
set -euo pipefail
output=$1
root=$2
shift 2
texts=()
others=()
for file in "$@"; do
    case $file in
    *.css | *.dict | *.html | *.js | *.json | *.lm | *.md | *.params | *.sql | *.svg | *.tsv | *.txt) texts+=("$file") ;;
    *) others+=("$file") ;;
    esac
done
name() { printf '"%s": ' "$(basename "$(dirname "$1")")/$(basename "$1")"; }
{
    echo "/// Made by scripts/embed-files.sh: the files that embedded.txt names, by folder and name."
    echo "enum EmbeddedFiles {"
    echo "    /// Of all that they hold."
    echo "    static let contentHash = \"$(cd "$root" && cat "$@" | sha256sum | head -c 16)\""
    echo "    static let texts: [String: String] = ["
    for file in "${texts[@]}"; do
        name "$file"
        echo '###"""'
        cat "$root/$file"
        printf '\n"""###,\n'
    done
    [ "${#texts[@]}" -gt 0 ] || echo ":"
    echo "    ]"
    echo "    static let base64: [String: String] = ["
    for file in "${others[@]}"; do
        name "$file"
        printf '"%s",\n' "$(base64 -w 0 "$root/$file")"
    done
    [ "${#others[@]}" -gt 0 ] || echo ":"
    echo "    ]"
    echo "}"
} > "$output.part"
mv "$output.part" "$output"
