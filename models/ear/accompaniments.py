#!/usr/bin/env python3
"""Songs for every style of MMA, the Musical MIDI Accompaniment generator (Debian's package mma), as MIDI files with
exact beats and bars, at tempi that fit them: chord progressions in phrases of eight bars that end with a fill where the
style has one, and a melody over some of them. Pieces of one style share the first word of their name.

    python3 models/ear/accompaniments.py FOLDER [songs of each style, default 3]
"""

import pathlib
import random
import re
import subprocess
import sys
import tempfile

LIBRARY = pathlib.Path("/usr/share/mma/lib")
PROGRESSIONS = [  # a bar each
    "C Am F G", "Am F C G", "Dm7 G7 CM7 A7", "C C7 F Fm", "Em C G D", "C7 C7 F7 C7", "Cm Ab Eb Bb", "C F C G7",
    "Am7 D7 GM7 CM7", "F G Em Am", "Cm Cm Fm G7", "D A Bm G",
]
MELODIES = [
    "{1 4 90; 2 4 80; 3 2 85} {1 2 90; 3 4 80; 4 4 80} {1 8 85 * 8} {1 1 85}",
    "{1 4. 90; 2.5 8 60; 3 2 70} {1 2 100; 2 2 90} {1 4 80 * 4} {1 1 80}",
    "{2 4 80; 3.5 8 85; 4 4 80} {1 8 80; 1.5 4 90; 2.5 8 75} {1 2 80; 3 8 80; 3.5 8 80; 4 4 85} {2 1 80}",
]
TEMPI = [  # what a style's name says of its tempo, in beats a minute; the first that fits
    (r"hip-?hop|trip-?hop|reggae", 70, 105), (r"slow|ballad|lullaby|hymn|spiritual|serenade|bolero|evans", 58, 92),
    (r"trance|techno|rave|house|dance|ambient", 110, 145), (r"fast|quick|bebop|polka|vienese|merengue|ragtime", 130, 195),
    (r"waltz", 80, 180), (r"swing|jazz|bigband|samba|salsa|mambo|ska|blue|boog|charleston|twist|jive", 90, 180),
    (r"funk|soul|r\+?b|16beat|strut|motown", 80, 118), (r"", 80, 140),
]
# A metre of eighths has other beats than MMA's, and these have no beat, no band or more bars than one.
LEFT_OUT = re.compile(r"[Tt]ime[Ss]ig +(5 4|6)")
NAMES_LEFT_OUT = {"metronome", "none", "count", "ending", "intro", "jazz-54", "gypsyjazz"}


def grooves_of(text):
    return re.findall(r"^\s*DefGroove\s+(\S+)", text, re.MULTILINE | re.IGNORECASE)


def draw_tempo(name, rng):
    low, high = next((low, high) for words, low, high in TEMPI if re.search(words, name, re.IGNORECASE))
    return round(low * (high / low) ** rng.random())


def song(folder, name, grooves, rng):
    plain = [g for g in grooves if not re.search(r"(intro|end|fill)\d*$", g, re.IGNORECASE)]
    fills = [g for g in grooves if re.search(r"fill\d*$", g, re.IGNORECASE)]
    if not plain:
        return None
    themes = [rng.choice(PROGRESSIONS).split() for _ in range(2)]
    used = [rng.choice(plain) for _ in range(2)]
    lines = [f"Tempo {draw_tempo(name, rng)}", "SeqSize 4"]
    if rng.random() < 0.5:
        voice = rng.choice(["JazzGuitar", "Piano1", "Flute", "TenorSax", "Strings", "SynthVox"])
        lines += ["Begin Aria", f" Voice {voice}", " Volume mf", " Octave 5", " Range 1.5", " Direction 1 rr -1 2 r",
                  " ScaleType Chord", f" Sequence {rng.choice(MELODIES)}", f" Rskip {rng.choice([0, 10, 30])}", "End"]
    bar = 0
    for part in rng.choice(["AABA", "AB" * 2, "ABBA", "AAAB"]):
        kind = "AB".index(part)
        groove = used[kind]
        for k in range(8):
            fill = k == 7 and fills and rng.random() < 0.8
            if k == 0 or fill:
                lines.append(f"Groove {folder}/{name}:{rng.choice(fills) if fill else groove}")
            bar += 1
            lines.append(f"{bar} {themes[kind][k % 4]}")
    return "\n".join(lines) + "\n"


def main():
    target = pathlib.Path(sys.argv[1])
    each = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    target.mkdir(parents=True, exist_ok=True)
    made, failed = 0, []
    with tempfile.TemporaryDirectory() as scratch:
        for path in sorted(LIBRARY.glob("*/*.mma")):
            text = path.read_text(errors="replace")
            folder, name = path.parent.name, path.stem
            if LEFT_OUT.search(text) or "68" in name or name in NAMES_LEFT_OUT or name.startswith("metronome"):
                continue
            rng = random.Random(f"{folder}/{name}")
            for k in range(each):
                text_of_song = song(folder, name, grooves_of(text), rng)
                if text_of_song is None:
                    break
                source = pathlib.Path(scratch) / "song.mma"
                source.write_text(text_of_song)
                out = target / f"{folder}-{name} {k + 1}.mid"
                run = subprocess.run(["mma", "-f", str(out), str(source)], capture_output=True, text=True, check=False)
                made += out.exists()
                if run.returncode:
                    failed.append(f"{folder}/{name}: {run.stdout.strip().splitlines()[-1:]}")
    print(f"{made} songs; {len(failed)} were refused by mma")
    for line in failed[:20]:
        print(" ", line)


main()
