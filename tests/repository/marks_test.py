"""Marks of unfinished work and paths of one machine have no place in the repository.

Run: python3 marks_test.py ROOT. An offence is reported as file:line. Planted offences show that the rules find them.
"""
import pathlib
import re
import sys
import tempfile
import unittest

FOLDERS = ["src", "shaders", "tests", "third_party", "models", "assets", ".ci"]
FILES = ["ombra", "CMakeLists.txt", "README.md"]
TEXT = {".cpp", ".hpp", ".h", ".glsl", ".frag", ".vert", ".comp", ".fs", ".py", ".sh", ".txt", ".md", ".cmake", ".toml",
        ".json", ".csv", ""}

# spelled in two pieces, so that this file passes its own test
MARKS = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
PATHS = re.compile(r"(?<![\w.])/(?:wo" r"rk|ho" r"me|ro" r"ot)/\w")
TEMPORARY = re.compile(r"(?<![\w.])/tm" r"p\b")  # tests may name it, as an example


def offences(root):
    """-> a sorted list of 'file:line: what'"""
    root = pathlib.Path(root)
    files = [root / name for name in FILES]
    for folder in FOLDERS:
        files += (root / folder).rglob("*")
    found = []
    for path in files:
        if not path.is_file() or path.suffix not in TEXT:
            continue
        name = path.relative_to(root)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for pattern in [MARKS, PATHS] + ([] if name.parts[0] == "tests" else [TEMPORARY]):
                match = pattern.search(line)
                if match:
                    found.append(f"{name}:{number}: {match[0]}")
    return sorted(found)


class Marks(unittest.TestCase):
    root = "."

    def planted(self, name, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True)
            path.write_text(text, encoding="utf-8")
            return offences(folder)

    def test_the_repository_has_none(self):
        self.assertEqual(offences(self.root), [], "\n" + "\n".join(offences(self.root)))

    def test_marks_are_found(self):
        for mark in ["TO" "DO", "FIX" "ME", "XX" "X", "HA" "CK"]:
            found = self.planted("src/core/a.cpp", f"int a;  // {mark}: later\n")
            self.assertEqual(found, [f"src/core/a.cpp:1: {mark}"])
        self.assertEqual(self.planted("src/core/a.cpp", "int todo_list, XXXXXX;\n"), [])

    def test_paths_are_found(self):
        for path in ["/wo" "rk/main", "/ho" "me/ann", "/tm" "p/x"]:
            self.assertEqual(len(self.planted("src/core/a.cpp", f'open("{path}");\n')), 1, path)
        self.assertEqual(self.planted("tests/core/a.cpp", 'open("/tm' 'p/x");\n'), [])
        self.assertEqual(self.planted("src/core/a.cpp", 'open("data/wo' 'rk/x"); // ../wo' 'rk/y\n'), [])


if __name__ == "__main__":
    Marks.root = sys.argv.pop(1)
    unittest.main()
