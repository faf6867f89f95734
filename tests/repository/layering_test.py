"""The rooms of src/: who may include whom is drawn once, in src/README.md, and nobody does otherwise. Rooms, files and
functions keep to a size that one can read.

Run: python3 layering_test.py ROOT. Reads the drawing (the block under "Who may include whom": a room, then the rooms
that it may include), every #include under ROOT/src and what each room's CMakeLists.txt links. An offence is reported as
file:line. The same rules are then tried on small trees with planted offences, so that a rule which finds nothing is
noticed.
"""
import pathlib
import re
import sys
import tempfile
import unittest

# header pattern -> the rooms that may include it
HOMES = [
    (r"(torch|c10|ATen)/", ["model/layers", "model/torch_dancer", "train", "train/ear", "train/troupe", "evaluate", "evaluate/judges"]),
    (r"SDL|epoxy/|GL/|EGL/", ["gfx", "stage", "show/dance", "show/offline", "show/live", "show/keys", "show/desk", "show/session"]),
    (r"lib(av\w+|sw\w+)/", ["media/read", "media/write", "media/record", "media/share"]),
    (r"(pipewire|spa)/", ["media/share"]),
    (r"X11/", ["gfx"]),
    (r"imgui|imconfig\.h", ["show/desk"]),
    (r"portaudio\.h|pa_\w+\.h|pulse/", ["audio/input"]),
    (r"kiss_?fft", ["audio/beat"]),
    (r"ableton/", ["audio/clocks"]),
    (r"(rtmidi/)?RtMidi\.h", ["show/live"]),
    (r"aubio/", ["audio/testbench"]),
    (r"fluidsynth", ["audio/material"]),
    (r"CLI/", ["cli"]),
    (r"stb_\w+\.h|stb/", ["drawing"]),
    (r"hdf5|H5\w+\.h", ["model/keras"]),
    (r"tiny_gltf\.h", ["footage/people"]),
    (r"zlib\.h", ["show/offline"]),
    (r"pango/|cairo|fontconfig/|glib", ["stage/title"]),
]
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
SOURCES = (".hpp", ".cpp", ".inc")
MOST_FILES, MOST_LINES, MOST_OF_A_FUNCTION = 40, 350, 60  # files of a room; lines of a file, of a function


def drawing(root):
    """-> {room: [rooms that it may include]} as src/README.md draws it"""
    text = (root / "src" / "README.md").read_text(encoding="utf-8")
    block = re.search(r"## Who may include whom\n(?:[^ \n][^\n]*\n|\n)+((?:    [^\n]*\n)+)", text)
    rooms = {}
    for line in block[1].splitlines() if block else []:
        if line.strip():
            room, *others = line.split()
            rooms[room] = others
    return rooms


def includes(path):
    """-> (line number, name, in quotes) of every #include"""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match[1] or match[2], match[1] is not None


def long_functions(text):
    """-> (line number, lines) of what has parameters, a body and too many lines. By its layout: a body begins where a line
    ends in { and ends at the first } under the line that began it. What stands deeper in a function is part of it, so
    that a long loop, too, is a long function."""
    lines = [re.sub(r"\s*//.*", "", line) for line in text.splitlines()]
    found = []
    for number, line in enumerate(lines):
        if not line.endswith("{") or not line.strip("{} "):
            continue
        first, open_ = number, line.count(")") - line.count("(")  # a signature may begin lines before
        while first > 0 and (open_ > 0 or re.match(r"\s*:[^:]", lines[first])):
            first -= 1
            open_ += lines[first].count(")") - lines[first].count("(")
        head = " ".join(lines[first:number + 1])
        if "(" not in head or re.match(r"\s*(class|struct|enum|namespace|union)\b", head) or re.search(r"=\s*\{+$", head):
            continue
        indent = len(lines[first]) - len(lines[first].lstrip())
        end = next((n for n in range(number + 1, len(lines))
                    if lines[n].strip() and len(lines[n]) - len(lines[n].lstrip()) <= indent and lines[n].lstrip()[0] == "}"),
                   number)
        if end - first + 1 > MOST_OF_A_FUNCTION:
            found.append((first + 1, end - first + 1))
    return [each for each in found if not any(a < each[0] and each[0] + each[1] <= a + n for a, n in found)]


def in_a_circle(rooms):
    """-> rooms from which includes lead back to themselves"""
    def reached(room):
        seen, todo = set(), list(rooms.get(room, []))
        while todo:
            other = todo.pop()
            if other not in seen:
                seen.add(other)
                todo += rooms.get(other, [])
        return seen
    return sorted(room for room in rooms if room in reached(room))


def linked(path):
    """-> the rooms that a CMakeLists.txt links, as ombra::show_desk is spelt there"""
    if not path.is_file():
        return set()
    calls = re.findall(r"target_link_libraries\(([^)]*)\)", re.sub(r"#[^\n]*", "", path.read_text(encoding="utf-8")))
    return set(re.findall(r"\bombra::(\w+)", " ".join(calls)))


def offences(root):
    """-> a sorted list of 'src/file:line: what is wrong'"""
    root = pathlib.Path(root)
    source, rooms = root / "src", drawing(root)
    found = [f"src/README.md: {room} is in a circle" for room in in_a_circle(rooms)]
    used = {room: set() for room in rooms}
    pulls_torch = {}  # header -> does it include LibTorch, itself or through another header of src/?

    def reaches_torch(name):
        if name not in pulls_torch:
            pulls_torch[name] = False  # ends a cycle
            path = source / name
            pulls_torch[name] = path.is_file() and any(
                re.match(HOMES[0][0], other) if not quoted else reaches_torch(other)
                for _, other, quoted in includes(path))
        return pulls_torch[name]

    for path in sorted(p for p in source.rglob("*") if p.suffix in SOURCES and p.is_file()):
        room = str(path.parent.relative_to(source))
        where = f"src/{path.relative_to(source)}"
        if room not in rooms:
            found.append(f"{where}: the room {room} is not drawn in src/README.md")
            continue
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MOST_LINES:
            found.append(f"{where}: {lines} lines, {MOST_LINES} at most")
        for number, count in long_functions(path.read_text(encoding="utf-8")):
            found.append(f"{where}:{number}: a function of {count} lines, {MOST_OF_A_FUNCTION} at most")
        for number, name, quoted in includes(path):
            other = name.rpartition("/")[0]
            if quoted and other in rooms:
                used[room].add(other)
                if other != room and other not in rooms[room]:
                    found.append(f"{where}:{number}: {room} may not include {other} ({name})")
                if path.suffix == ".hpp" and room not in HOMES[0][1] and reaches_torch(name):
                    found.append(f"{where}:{number}: {name} brings LibTorch into a header of {room}")
            elif quoted:
                found.append(f"{where}:{number}: {name}: includes start at src/ and name a room")
            for pattern, homes in HOMES:
                if not quoted and re.match(pattern, name) and room not in homes:
                    found.append(f"{where}:{number}: {name} belongs to {' and '.join(homes)}, not to {room}")
    for room, others in rooms.items():
        cmake = source / room / "CMakeLists.txt"
        if not (source / room).is_dir():
            found.append(f"src/README.md: there is no room {room}")
            continue
        files = sum(1 for p in (source / room).iterdir() if p.is_file())
        if files > MOST_FILES:
            found.append(f"src/{room}: {files} files, {MOST_FILES} at most")
        links = linked(cmake)
        for other in others:
            if other not in used[room]:
                found.append(f"src/README.md: {room} is drawn to include {other} and does not")
            elif cmake.is_file() and other.replace("/", "_") not in links:
                found.append(f"src/{room}/CMakeLists.txt: {room} includes {other} and does not link it")
        for link in sorted(links - {other.replace("/", "_") for other in others}):
            found.append(f"src/{room}/CMakeLists.txt: {room} links {link}, which it may not include")
    return sorted(found)


class Layering(unittest.TestCase):
    root = "."
    PLAN = "## Who may include whom\n\nText.\n\n    core\n    gfx        core\n    show/desk  core gfx\n"

    def planted(self, plan=PLAN, **files):
        """-> the offences in a tree of these files, written room__name_ext='text'; all that is drawn is used"""
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / "src"
            base = {"core__a_hpp": "\n", "gfx__a_hpp": '#include "core/a.hpp"\n',
                    "show__desk__a_hpp": '#include "core/a.hpp"\n#include "gfx/a.hpp"\n'}
            for name, text in {**base, **files}.items():
                path = source / re.sub(r"_(\w+)$", r".\1", name.replace("__", "/")).replace("CMakeLists_", "CMakeLists.")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            (source / "README.md").write_text(plan, encoding="utf-8")
            return offences(folder)

    def test_the_sources_keep_to_the_drawing(self):
        self.assertEqual(offences(self.root), [], "\n" + "\n".join(offences(self.root)))

    def test_every_room_of_the_sources_is_read(self):
        self.assertIn("show/desk", drawing(pathlib.Path(self.root)))
        self.assertEqual(self.planted(), [])

    def test_a_pair_that_is_not_drawn_is_found(self):
        self.assertEqual(self.planted(gfx__b_cpp='// one\n#include "show/desk/a.hpp"\n'),
                         ["src/gfx/b.cpp:2: gfx may not include show/desk (show/desk/a.hpp)"])

    def test_a_pair_that_nobody_uses_is_found(self):
        self.assertEqual(self.planted(gfx__a_hpp="\n"), ["src/README.md: gfx is drawn to include core and does not"])

    def test_a_circle_is_found(self):
        plan = self.PLAN.replace("    core\n    gfx", "    core  gfx\n    gfx")
        self.assertEqual(self.planted(plan, core__b_cpp='#include "gfx/a.hpp"\n'),
                         ["src/README.md: core is in a circle", "src/README.md: gfx is in a circle"])

    def test_links_are_those_that_are_drawn(self):
        text = "ombra_library(gfx a.cpp)\ntarget_link_libraries(ombra_gfx PUBLIC ombra::%s)\n"
        self.assertEqual(self.planted(gfx__CMakeLists_txt=text % "core"), [])
        self.assertEqual(self.planted(gfx__CMakeLists_txt=text % "show_desk"),
                         ["src/gfx/CMakeLists.txt: gfx includes core and does not link it",
                          "src/gfx/CMakeLists.txt: gfx links show_desk, which it may not include"])

    def test_an_include_that_names_no_room_is_found(self):
        for name in ["a.hpp", "../core/a.hpp", "desk/a.hpp"]:
            self.assertEqual(len(self.planted(show__desk__b_cpp=f'#include "{name}"\n')), 1, name)

    def test_a_foreign_library_is_found(self):
        rooms = drawing(pathlib.Path(self.root))
        plan = "## Who may include whom\n\nText.\n\n" + "".join(f"    {room}\n" for room in rooms)
        for name in ["torch/torch.h", "ATen/ATen.h", "SDL2/SDL.h", "SDL.h", "epoxy/gl.h", "libavcodec/avcodec.h",
                     "imgui.h", "imgui_impl_sdl.h", "imgui_impl_sdl2.h", "portaudio.h", "kiss_fft.h", "kissfft/kiss_fftr.h",
                     "CLI/CLI.hpp", "ableton/Link.hpp", "RtMidi.h", "aubio/aubio.h", "hdf5.h", "tiny_gltf.h", "zlib.h", "pango/pangocairo.h", "cairo.h",
                     "stb_image_write.h"]:
            home = next(homes for pattern, homes in HOMES if re.match(pattern, name))
            stranger = next(room for room in rooms if room not in home)
            for room, count in ((stranger, 1), (home[0], 0)):
                with tempfile.TemporaryDirectory() as folder:
                    for each in rooms:
                        (pathlib.Path(folder) / "src" / each).mkdir(parents=True, exist_ok=True)
                    (pathlib.Path(folder) / "src" / "README.md").write_text(plan, encoding="utf-8")
                    (pathlib.Path(folder) / "src" / room / "a.cpp").write_text(f"#include <{name}>\n", encoding="utf-8")
                    self.assertEqual(len(offences(folder)), count, (name, room))

    def test_torch_in_a_header_above_is_found_through_other_headers(self):
        plan = ("## Who may include whom\n\nText.\n\n    train\n    show/desk  train\n")
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / "src"
            (source / "train").mkdir(parents=True)
            (source / "show" / "desk").mkdir(parents=True)
            (source / "README.md").write_text(plan, encoding="utf-8")
            (source / "train" / "net.hpp").write_text("#include <torch/torch.h>\n", encoding="utf-8")
            (source / "train" / "loop.hpp").write_text('#include "train/net.hpp"\n', encoding="utf-8")
            (source / "show" / "desk" / "a.hpp").write_text('#include "train/loop.hpp"\n', encoding="utf-8")
            (source / "show" / "desk" / "b.cpp").write_text('#include "train/loop.hpp"\n', encoding="utf-8")
            self.assertEqual(offences(folder),
                             ["src/show/desk/a.hpp:1: train/loop.hpp brings LibTorch into a header of show/desk"])

    def test_a_room_that_is_not_drawn_is_found(self):
        self.assertEqual(len(self.planted(misc__a_cpp="#include <vector>\n")), 1)

    def test_a_file_and_a_room_have_their_limits(self):
        self.assertEqual(self.planted(gfx__b_cpp="\n" * (MOST_LINES + 1)),
                         [f"src/gfx/b.cpp: {MOST_LINES + 1} lines, {MOST_LINES} at most"])
        many = {f"core__x{i}_hpp": "\n" for i in range(MOST_FILES)}
        self.assertEqual(self.planted(**many), [f"src/core: {MOST_FILES + 1} files, {MOST_FILES} at most"])

    def test_a_long_function_is_found(self):
        body = "  f();\n" * (MOST_OF_A_FUNCTION - 1)
        for head in ["void long_one() {\n", "void A::b(int x,\n          int y) const {\n", "A::A(int x) : x_(x) {\n",
                     "A::A(int x)\n    : x_(x), y_(f(\n          x)) {\n", "std::vector<int> f(const std::map<int, int>& a,\n"
                     "                   int b = 0) noexcept {\n"]:
            lines = head.count("\n") + MOST_OF_A_FUNCTION
            self.assertEqual(self.planted(core__b_cpp="int a;\n\n" + head + body + "}\n"),
                             [f"src/core/b.cpp:3: a function of {lines} lines, {MOST_OF_A_FUNCTION} at most"], head)
        inside = "class A {\n  int f() {\n" + "    f();\n" * (MOST_OF_A_FUNCTION - 1) + "  }\n};\n"
        self.assertEqual(self.planted(core__b_cpp=inside),
                         [f"src/core/b.cpp:2: a function of {MOST_OF_A_FUNCTION + 1} lines, {MOST_OF_A_FUNCTION} at most"])

    def test_what_is_no_long_function_is_left_alone(self):
        body = "  f();\n" * (MOST_OF_A_FUNCTION - 2)
        many = "    {f(1), 2},\n" * MOST_OF_A_FUNCTION
        for text in ["void f() {\n" + body + "}\n", "const A kTable[] = {\n" + many + "};\n",
                     "class A {\n public:\n" + "  void f();  // {\n" * MOST_OF_A_FUNCTION + "};\n",
                     "void f() {\n" + body + "}\n\nvoid g() {\n" + body + "}\n",
                     "namespace a {\nint f();\n" + "void f() {\n}\n" * MOST_OF_A_FUNCTION + "}\n"]:
            self.assertEqual(self.planted(core__b_cpp=text), [], text[:40])


if __name__ == "__main__":
    Layering.root = sys.argv.pop(1)
    unittest.main()
