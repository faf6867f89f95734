"""The layers of src/: a folder includes only lower folders, and a third-party library lives only in its own.

Run: python3 layering_test.py ROOT. Reads every #include under ROOT/src; an offence is reported as file:line. The same
rules are then tried on small trees with planted offences, so that a rule which finds nothing is noticed.
"""
import pathlib
import re
import sys
import tempfile
import unittest

LAYERS = ["core", "audio", "media", "model", "train", "gfx", "stage", "show", "cli"]  # lowest first

# header pattern -> the folders that may include it
HOMES = [
    (r"(torch|c10|ATen)/", ["model", "train"]),
    (r"SDL|epoxy/|GL/|EGL/", ["gfx", "show"]),
    (r"lib(av\w+|sw\w+)/", ["media"]),
    (r"imgui|imconfig\.h", ["show"]),
    (r"portaudio\.h|pa_\w+\.h|pulse/|kiss_?fft", ["audio"]),
    (r"ableton/", ["audio"]),
    (r"(rtmidi/)?RtMidi\.h", ["show"]),
    (r"aubio/", ["audio"]),
    (r"CLI/", ["cli"]),
    (r"stb_\w+\.h|stb/", ["core"]),
    (r"hdf5|H5\w+\.h", ["model"]),
    (r"zlib\.h", ["show"]),
]
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def includes(path):
    """-> (line number, name, in quotes) of every #include"""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match[1] or match[2], match[1] is not None


def offences(root):
    """-> a sorted list of 'src/file:line: what is wrong'"""
    source = pathlib.Path(root) / "src"
    files = [p for p in source.rglob("*") if p.suffix in (".hpp", ".cpp", ".h", ".cc") and p.is_file()]
    found = []
    pulls_torch = {}  # header -> does it include LibTorch, itself or through another header of src/?

    def reaches_torch(name):
        if name not in pulls_torch:
            pulls_torch[name] = False  # ends a cycle
            path = source / name
            pulls_torch[name] = path.is_file() and any(
                re.match(HOMES[0][0], other) if not quoted else reaches_torch(other)
                for _, other, quoted in includes(path))
        return pulls_torch[name]

    for path in files:
        folder = path.relative_to(source).parts[0]
        for number, name, quoted in includes(path):
            def report(text):
                found.append(f"src/{path.relative_to(source)}:{number}: {text}")

            if folder not in LAYERS:
                report(f"{folder} is not one of the layers {' '.join(LAYERS)}")
                continue
            target = name.split("/")[0] if "/" in name else None
            if quoted and target in LAYERS:
                if LAYERS.index(target) > LAYERS.index(folder):
                    report(f"{folder} includes the higher layer {target} ({name})")
                if path.suffix == ".hpp" and folder not in HOMES[0][1] and reaches_torch(name):
                    report(f"{name} brings LibTorch into a header of {folder}")
            elif quoted and name.startswith(".."):
                report(f"{name}: includes start at src/")
            for pattern, homes in HOMES:
                if target not in LAYERS and re.match(pattern, name) and folder not in homes:
                    report(f"{name} belongs to {' and '.join(homes)}, not to {folder}")
    return sorted(found)


class Layering(unittest.TestCase):
    root = "."

    def planted(self, **files):
        """-> the offences in a tree of these files, written folder__name_ext='text'"""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = pathlib.Path(folder) / "src" / re.sub(r"_(\w+)$", r".\1", name.replace("__", "/"))
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return offences(folder)

    def test_the_sources_keep_the_layers(self):
        self.assertEqual(offences(self.root), [], "\n" + "\n".join(offences(self.root)))

    def test_every_folder_of_the_sources_is_read(self):
        seen = {p.parent.name for p in (pathlib.Path(self.root) / "src").rglob("*.hpp")}
        self.assertIn("core", seen)

    def test_a_higher_layer_is_found(self):
        self.assertEqual(self.planted(audio__a_cpp='// one\n#include "show/desk.hpp"\n'),
                         ["src/audio/a.cpp:2: audio includes the higher layer show (show/desk.hpp)"])

    def test_a_lower_layer_is_fine(self):
        text = '#include "core/log.hpp"\n#include "show/b.hpp"\n#include <vector>\n'
        self.assertEqual(self.planted(show__a_cpp=text), [])

    def test_a_foreign_library_is_found(self):
        for name in ["torch/torch.h", "ATen/ATen.h", "SDL2/SDL.h", "SDL.h", "epoxy/gl.h", "libavcodec/avcodec.h",
                     "imgui.h", "imgui_impl_sdl.h", "imgui_impl_sdl2.h", "portaudio.h", "kiss_fft.h", "kissfft/kiss_fftr.h",
                     "CLI/CLI.hpp", "ableton/Link.hpp", "RtMidi.h",
                     "stb_image_write.h"]:
            home = next(homes for pattern, homes in HOMES if re.match(pattern, name))
            stranger = next(folder for folder in LAYERS if folder not in home)
            self.assertEqual(len(self.planted(**{f"{stranger}__a_cpp": f"#include <{name}>\n"})), 1, name)
            self.assertEqual(self.planted(**{f"{home[0]}__a_cpp": f"#include <{name}>\n"}), [], name)

    def test_torch_in_a_header_above_is_found_through_other_headers(self):
        found = self.planted(model__net_hpp="#include <torch/torch.h>\n", train__loop_hpp='#include "model/net.hpp"\n',
                             show__a_hpp='#include "train/loop.hpp"\n', show__b_cpp='#include "train/loop.hpp"\n')
        self.assertEqual(found, ["src/show/a.hpp:1: train/loop.hpp brings LibTorch into a header of show"])

    def test_an_unknown_folder_is_found(self):
        self.assertEqual(len(self.planted(misc__a_cpp="#include <vector>\n")), 1)


if __name__ == "__main__":
    Layering.root = sys.argv.pop(1)
    unittest.main()
