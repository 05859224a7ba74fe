#!/usr/bin/env python3
"""Plants one include at a time in a small tree, and asks what check.py says."""
import pathlib
import tempfile
import unittest

import check

HEADERS = [
    "core/base/include/cowork/base/error.h",
    "core/base/tape_builder.h",
    "core/host/include/cowork/host/plugin_host.h",
    "core/host/json/pack_json.h",
    "interceptors/audit/include/cowork/audit/audit.h",
    "interceptors/admin_policy/include/cowork/admin_policy/admin_policy.h",
    "loaders/skills/include/cowork/skills/skill_file.h",
    "loaders/discovery/include/cowork/loaders/pack_source.h",
    "assembly/include/cowork/assembly/standard_host.h",
    "apps/cli/table.h",
]

# who, the include line, what is said of it (None: nothing)
TABLE = [
    ("core/host/host.cc", '#include "cowork/base/error.h"', None),
    ("core/host/host.cc", '#include "json/pack_json.h"', None),
    ("core/host/json/pack_json.cc", '#include "pack_json.h"', None),
    ("interceptors/audit/a.cc", '#include "cowork/host/plugin_host.h"', None),
    ("loaders/discovery/scan.cc", '#include "cowork/skills/skill_file.h"', None),
    ("assembly/standard_host.cc", '#include "cowork/audit/audit.h"', None),
    ("apps/cli/main.cc", '#include "cowork/base/error.h"', None),
    ("apps/cli/main.cc", "#include <CLI/CLI.hpp>", None),
    ("core/base/reader.cc", "#include <rapidjson/reader.h>", None),
    ("core/host/host.cc", "#include <fmt/format.h>", None),
    ("tests/core/base/json_test.cc", "#include <nlohmann/json.hpp>", None),
    ("core/base/error.cc", '#include "cowork/host/plugin_host.h"', "core/base must not include core/host"),
    ("core/host/host.cc", '#include "cowork/audit/audit.h"', "core/host must not include interceptors/audit"),
    ("core/host/host.cc", "# include <cowork/audit/audit.h>", "core/host must not include interceptors/audit"),
    ("interceptors/audit/a.cc", '#include "cowork/admin_policy/admin_policy.h"',
     "interceptors/audit must not include interceptors/admin_policy"),
    ("interceptors/audit/a.cc", '#include "cowork/loaders/pack_source.h"',
     "interceptors/audit must not include loaders/discovery"),
    ("loaders/skills/s.cc", '#include "cowork/loaders/pack_source.h"',
     "loaders/skills must not include loaders/discovery"),
    ("loaders/discovery/d.cc", '#include "cowork/audit/audit.h"',
     "loaders/discovery must not include interceptors/audit"),
    ("loaders/pack_reader/r.cc", '#include "cowork/skills/skill_file.h"', None),
    ("interceptors/audit/a.cc", '#include "cowork/assembly/standard_host.h"',
     "interceptors/audit must not include assembly"),
    ("core/host/host.cc", '#include "../base/tape_builder.h"',
     "core/host has no such private header, and those of other folders are theirs"),
    ("core/host/host.cc", '#include "tape_builder.h"',
     "core/host has no such private header, and those of other folders are theirs"),
    ("core/host/host.cc", '#include "cowork/base/gone.h"', "no folder has this public header"),
    ("core/base/include/cowork/base/text.h", "#include <boost/filesystem.hpp>",
     "a public header must not show boost"),
    ("core/base/include/cowork/base/text.h", "#include <sodium.h>", "a public header must not show sodium"),
    ("core/base/include/cowork/base/text.h", '#include "tape_builder.h"',
     "a public header must not include a private one"),
    ("core/host/host.cc", "#include <nlohmann/json.hpp>", "nlohmann may be included in tests only"),
    ("core/host/host.cc", "#include <rapidjson/reader.h>", "rapidjson may be included in core/base, tests/bench only"),
    ("tests/core/host/t.cc", "#include <rapidjson/reader.h>", "rapidjson may be included in core/base, tests/bench only"),
]


class CheckTest(unittest.TestCase):
    def violations(self, who, line):
        with tempfile.TemporaryDirectory() as root:
            for name in [*HEADERS, who]:
                path = pathlib.Path(root, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
            pathlib.Path(root, who).write_text("// a comment\n" + line + "\n", encoding="utf-8")
            return check.Checker(pathlib.Path(root).resolve()).check()

    def test_each_planted_include(self):
        for who, line, said in TABLE:
            with self.subTest(who=who, line=line):
                included = line.split('"')[1] if '"' in line else line.split("<")[1].rstrip(">")
                expected = [f"{who}:2: {included}: {said}"] if said else []
                self.assertEqual(self.violations(who, line), expected)

    def test_what_stands_in_a_raw_string_is_no_include(self):
        self.assertEqual(self.violations("core/host/host.cc", 'R"cc(\n#include <rapidjson/reader.h>\n)cc"'), [])
        after = self.violations("core/host/host.cc", 'R"cc(\n)cc";\n#include <rapidjson/reader.h>')
        self.assertEqual([line.split(" ")[0] for line in after], ["core/host/host.cc:4:"])

    def test_an_empty_tree_is_not_taken_for_a_clean_one(self):
        with tempfile.TemporaryDirectory() as root:
            self.assertEqual(check.main([root]), 1)


if __name__ == "__main__":
    unittest.main()
