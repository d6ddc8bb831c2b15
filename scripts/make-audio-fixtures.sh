#!/bin/sh
# Makes the recordings of audio-fixtures/ from audio-fixtures/recordings.tsv with flite and sox, then their checksums.
# The recordings are committed; run this only after a change to the list. Needs: apt-get install flite sox perl.
set -eu
cd "$(dirname "$0")/../audio-fixtures"
for tool in flite sox perl sha256sum; do
    command -v "$tool" >/dev/null || { echo "make-audio-fixtures: $tool is missing: apt-get install flite sox" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
level=-20 # dBFS RMS of the speech
snr=15    # dB, noise below speech

# rms FILE: its RMS level in dBFS.
rms() { sox "$1" -n stats 2>&1 | awk '/^RMS lev dB/ { print $4 }'; }

# levelled IN OUT TARGET: scales to an RMS of TARGET dBFS, peaks limited.
levelled() { sox -D "$1" "$2" gain -l "$(awk -v a="$3" -v b="$(rms "$1")" 'BEGIN { print a - b }')"; }

# spoken VOICE TEXT OUT: speech at 8 kHz in the telephone band at the reference level.
spoken() {
    flite -voice "$1" -t "$2" -o "$work/raw.wav"
    sox -D "$work/raw.wav" -b 16 "$work/band.wav" gain -6 rate -h 8000 sinc 300-3400
    levelled "$work/band.wav" "$3" "$level"
}

# Two people talking at once, as heard from the next desk.
spoken awb "we looked at the numbers again last week and the team was very happy with all of them" "$work/one.wav"
spoken kal16 "the train leaves at half past nine so we have to be there a little before that time" "$work/two.wav"
sox -D -m "$work/one.wav" "$work/two.wav" "$work/babble.wav" repeat 2

count=0
while IFS="$(printf '\t')" read -r path voice variant text; do
    case "$path" in '' | '#'*) continue ;; esac
    spoken "$voice" "$text" "$work/speech.wav"
    seconds=$(soxi -D "$work/speech.wav")
    case "$variant" in
    clean | callee | lossy) cp "$work/speech.wav" "$work/mixed.wav" ;;
    pink)
        sox -R -D -n -r 8000 -c 1 -b 16 "$work/noise.wav" synth "$seconds" pinknoise sinc 300-3400
        levelled "$work/noise.wav" "$work/under.wav" $((level - snr))
        sox -D -m -v 1 "$work/speech.wav" -v 1 "$work/under.wav" "$work/mixed.wav"
        ;;
    babble)
        sox -D "$work/babble.wav" "$work/noise.wav" trim 0 "$seconds"
        levelled "$work/noise.wav" "$work/under.wav" $((level - snr))
        sox -D -m -v 1 "$work/speech.wav" -v 1 "$work/under.wav" "$work/mixed.wav"
        ;;
    overlapping)
        sox -D "$work/two.wav" "$work/under.wav" trim 0 "$seconds" gain -10
        sox -D -m -v 1 "$work/speech.wav" -v 1 "$work/under.wav" "$work/mixed.wav"
        ;;
    *) echo "make-audio-fixtures: unknown variant $variant of $path in recordings.tsv" >&2; exit 1 ;;
    esac
    mkdir -p "$(dirname "$path")"
    sox -D "$work/mixed.wav" -t raw -r 8000 -c 1 -e mu-law -b 8 "$path" pad 0.1 0.1
    if [ "$variant" = lossy ]; then
        # 3 frames of 100 lost, spread over the recording: 20 ms of silence (0xFF) each.
        perl -0777 -pi -e 'for ($n = 0; $n * 160 < length; $n++) {
            substr($_, $n * 160, 160, "\xFF" x length(substr($_, $n * 160, 160))) if ($n * 37 + 11) % 100 < 3 }' "$path"
    fi
    count=$((count + 1))
done <recordings.tsv

find . -name '*.ulaw' | sed 's|^\./||' | LC_ALL=C sort | xargs sha256sum >SHA256SUMS
echo "$count recordings, $(cat $(cut -f1 recordings.tsv | grep -v '^#') | wc -c) bytes"
