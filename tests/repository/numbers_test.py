"""No number in a file, a message or a protocol goes by the user's locale: src and tests read numbers with core/number.hpp
(or from_chars) and writes them with fmt; the C library's functions that heed a decimal comma, and letters that depend on the
language, have no place in it.

Run: python3 numbers_test.py ROOT. An offence is reported as file:line. Planted offences show that the rules find them.
"""
import pathlib
import re
import sys
import tempfile
import unittest

READS = r"(?:std::)?\b(?:ato[fil]|atoll|strto(?:d|f|ld)|sto(?:d|f|ld))\s*\(|scanf\([^;]*%[*0-9l]*[aefgAEFG]"
WRITES = r"(?:std::)?\bprintf\([^;]*%[-+ #0-9.*]*[aefgAEFG]|(?:f|s|sn|d|as)printf\([^;]*%[-+ #0-9.*]*[aefgAEFG]"
DOUBLES = r"std::to_string\([^;]*\d\.\d"
LETTERS = r"(?:std::)?\b(?:tolower|toupper|isalpha|isalnum|isspace|isdigit|isupper|islower|ispunct)\s*\("
LOCALES = r"\{[^{}\"]*:[^{}\"]*L\}|std::locale\(\"\"\)|(?<!std::)\bsetlocale\s*\(\s*LC_ALL"
RULES = [re.compile(rule, re.S) for rule in (READS, WRITES, DOUBLES, LETTERS, LOCALES)]


def offences(root):
    """-> a sorted list of 'file:line: what'"""
    root = pathlib.Path(root)
    found = []
    for path in sorted([*root.glob("src/**/*"), *root.glob("tests/**/*")]):
        if path.suffix not in {".cpp", ".hpp", ".inc"}:
            continue
        text = re.sub(r"//[^\n]*", "", path.read_text(encoding="utf-8"))
        for rule in RULES if path.is_relative_to(root / "src") else RULES[:1]:  # what tests print is for people
            for match in rule.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                found.append(f"{path.relative_to(root)}:{line}: {match[0].splitlines()[0]}")
    return sorted(found)


class Numbers(unittest.TestCase):
    root = "."

    def planted(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "src/core/a.cpp"
            path.parent.mkdir(parents=True)
            path.write_text(text, encoding="utf-8")
            return offences(folder)

    def test_the_repository_reads_and_writes_them_plainly(self):
        self.assertEqual(offences(self.root), [], "\n" + "\n".join(offences(self.root)))

    def test_offences_are_found(self):
        for line in ['x = std::stod(text);', 'x = atof(text);', 'std::sscanf(text, "%lf", &x);', 'x = strtod(text, &end);',
                     'std::printf("%s %5.2f\\n", name, x);', 'std::snprintf(text, 9,\n  "%g", x);',
                     'c = std::tolower(c);', 'if (isspace(c)) ++i;', 'std::setlocale(1), setlocale(LC_ALL, "");']:
            self.assertEqual(len(self.planted(line + "\n")), 1, line)

    def test_what_is_fine_is_left_alone(self):
        for line in ['x = parse_number(text);', 'std::fscanf(file, "%lu", &pages);', 'std::printf("%d of %s, 5 %%\\n", n, name);', 'fmt::format("{:.2f}", x);',
                     'std::setlocale(LC_NUMERIC, "C");', '// strtod( reads a comma', 'history(3), restored(4);']:
            self.assertEqual(self.planted(line + "\n"), [], line)


if __name__ == "__main__":
    Numbers.root = sys.argv.pop(1)
    unittest.main()
