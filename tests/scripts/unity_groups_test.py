#!/usr/bin/env python3
"""Which sources cmake/unity_groups.py keeps apart: those whose names would meet in one translation unit."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "cmake"))
import unity_groups  # noqa: E402

KEEPS = "namespace a {{\nnamespace {{\n{}\n}}  // namespace\n}}  // namespace a\n"

# one file, the other, whether they must stay apart
TABLE = [
    (KEEPS.format("int most = 3;"), KEEPS.format("int most = 4;"), True),
    (KEEPS.format("constexpr int most{};"), "int f(int most) { return most; }\n", True),
    (KEEPS.format("int most = 3;"), "int f(Thing one) { return one.most; }\n", False),
    (KEEPS.format("int most = 3;"), "// most of them\nauto text = \"most\";\n", False),
    (KEEPS.format("struct Options { int a; };"), KEEPS.format("struct Options { int b; };"), True),
    (KEEPS.format("int read(int a) { int local = a; return local; }"), "int local = 1;\n", False),
    (KEEPS.format("int read(int a) { return a; }"), KEEPS.format("long read(int a) { return a; }"), True),
    (KEEPS.format("int read(int a) { return a; }"), "int f() { return read(1); }\n", True),
    (KEEPS.format("int read(int a) { return a; }"), "int f(int read) { return read; }\n", False),
    (KEEPS.format("namespace http = boost::http;"), KEEPS.format("namespace http = boost::http;"), False),
    (KEEPS.format("TEST_CASE(\"a\") { }"), KEEPS.format("TEST_CASE(\"b\") { }"), False),
    ("#define MOST 3\n", "int f() { return MOST; }\n", True),
    ("#include <iomanip>\n", "auto text = quoted(name);\n", True),
    ("#include <iomanip>\n", "auto text = other.quoted(name);\n", False),
]


class GroupsTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)

    def source(self, name, text):
        path = pathlib.Path(self.directory.name, name)
        path.write_text(text)
        return unity_groups.Source(str(path))

    def test_who_stays_apart(self):
        for one, other, apart in TABLE:
            with self.subTest(one=one, other=other):
                first, second = self.source("one.cc", one), self.source("other.cc", other)
                self.assertEqual(first.apart_from(second), apart)
                self.assertEqual(second.apart_from(first), apart)

    def test_a_type_of_the_other_files_headers_keeps_it_apart(self):
        pathlib.Path(self.directory.name, "deep.h").write_text("struct Clock { int now; };\n")
        pathlib.Path(self.directory.name, "header.h").write_text('#include "deep.h"\nint f(int most);\n')
        user = self.source("user.cc", '#include "header.h"\n')
        self.assertTrue(user.apart_from(self.source("a.cc", KEEPS.format("using Clock = int;"))))
        self.assertFalse(user.apart_from(self.source("b.cc", KEEPS.format("int most = 3;"))))

    def test_groups_are_no_larger_than_asked_for(self):
        sources = [self.source(f"{number}.cc", f"int f{number}();\n") for number in range(5)]
        self.assertEqual([len(group) for group in unity_groups.groups(sources, 2)], [2, 2])

    def test_a_file_that_fits_nowhere_is_alone(self):
        sources = [self.source(f"{number}.cc", KEEPS.format("int same = 1;")) for number in range(3)]
        self.assertEqual(unity_groups.groups(sources, 8), [])


if __name__ == "__main__":
    unittest.main()
