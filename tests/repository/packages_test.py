"""Every library that CMake looks for is in the list that `./ombra` installs, and every package is explained.

Run: python3 packages_test.py ROOT. Holds together third_party/packages.cmake, packages.txt and README.md.
"""
import pathlib
import re
import sys
import unittest

# what find_package() asks for without naming a Debian package beside it
KNOWN = {"PkgConfig": "pkg-config", "Torch": "libtorch-dev", "Threads": "g++", "GTest": "libgtest-dev",
         "benchmark": "libbenchmark-dev", "Python3": "python3"}
# what the modules of one ombra_need() are packaged as, where it is more than one package
MODULES = {"libavformat": "libavformat-dev", "libavcodec": "libavcodec-dev", "libavutil": "libavutil-dev",
           "libswscale": "libswscale-dev", "libswresample": "libswresample-dev"}


def listed(text):
    """-> the packages of packages.txt"""
    return [word for line in text.splitlines() for word in [line.split("#")[0].strip()] if word]


def wanted(text):
    """-> the Debian packages that a CMake file asks for; 'find_package(X)?' for an X that nobody has named"""
    text = re.sub(r"#.*", "", text)
    found = [match[1] for match in re.finditer(r"ombra_find\(\w+ ([\w.+-]+)\)", text)]
    for match in re.finditer(r"ombra_need\(\w+ ([\w.+-]+)((?: [\w.+-]+)+)\)", text):
        found += [match[1]] + [MODULES[module] for module in match[2].split() if module in MODULES]
    for match in re.finditer(r"find_package\((\w+)", text):
        found.append(KNOWN.get(match[1], f"find_package({match[1]})?"))
    return found


class Packages(unittest.TestCase):
    root = pathlib.Path(".")

    def setUp(self):
        self.packages = listed((self.root / "third_party/packages.txt").read_text(encoding="utf-8"))

    def test_every_library_that_cmake_finds_is_installed(self):
        files = [self.root / "CMakeLists.txt", *self.root.glob("third_party/*.cmake"),
                 *self.root.glob("src/**/CMakeLists.txt"), *self.root.glob("tests/**/CMakeLists.txt")]
        asked = {package: path for path in files for package in wanted(path.read_text(encoding="utf-8"))}
        self.assertIn("libsdl2-dev", asked)
        self.assertIn("libgtest-dev", asked)
        for package, path in asked.items():
            self.assertIn(package, self.packages, f"{path} asks for it, third_party/packages.txt lacks it")

    def test_every_package_is_explained(self):
        readme = (self.root / "third_party/README.md").read_text(encoding="utf-8")
        for package in self.packages:
            self.assertIn(f"`{package}`", readme, "third_party/README.md has no word on it")

    def test_names_are_plain_and_stand_once(self):
        self.assertEqual(sorted(set(self.packages)), sorted(self.packages))
        for package in self.packages:
            self.assertRegex(package, r"^[a-z0-9][a-z0-9.+-]+$")

    def test_a_planted_library_is_seen(self):
        text = "ombra_find(zlib zlib1g-dev)\nombra_need(x libx-dev x-1.0)\n# ombra_find(no nothing)\n"
        self.assertEqual(wanted(text), ["zlib1g-dev", "libx-dev"])
        self.assertEqual(wanted("find_package(Foo REQUIRED)\n"), ["find_package(Foo)?"])


if __name__ == "__main__":
    Packages.root = pathlib.Path(sys.argv.pop(1))
    unittest.main()
