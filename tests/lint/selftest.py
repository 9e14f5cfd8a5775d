#!/usr/bin/env python3
"""Feeds every rule a bad sample, which must be found, and a good one, which must not."""
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

import run  # noqa: E402
from rules import RULES  # noqa: E402
from source import functions, without_comments_and_strings  # noqa: E402
from tree import Finding, Tree  # noqa: E402

NS = "namespace yimen::core {\n%s\n}  // namespace yimen::core\n"
LEFTOVER = "TO" + "DO"
HOME = "/ho" + "me/x"
BODY_61 = "void f() {\n" + "    g();\n" * 60 + "}\n"
BODY_60 = "void f() {\n" + "    g();\n" * 58 + "}\n"
EVENT = 'namespace yimen::core {\nvoid f() { logInfo("a.b"); }\n}\n'
CASES = "".join(f"- name: c{i}\n" for i in range(3))

# rule: (bad files, good files). Every rule must be here.
SAMPLES = {
    "layers": ({"hub/core/a.h": '#include "net/b.h"\n'}, {"hub/net/a.h": '#include "core/b.h"\n'}),
    "homes": ({"hub/core/a.cpp": "#include <openssl/evp.h>\n"},
              {"hub/crypto/a.cpp": "#include <openssl/evp.h>\n", "hub/net/tls/x.cpp": "#include <openssl/ssl.h>\n",
               "hub/policy/a.cpp": '#include "lua/state.h"\n',
               "hub/core/json.h": "#include <nlohmann/json.hpp>\n"}),
    "file-length": ({"hub/core/a.h": "\n" * 401}, {"hub/core/a.h": "\n" * 400}),
    "function-length": ({"hub/core/a.cpp": NS % BODY_61}, {"hub/core/a.cpp": NS % BODY_60}),
    "parameters": ({"hub/core/a.cpp": NS % "void f(int a, int b, int c, int d, int e, int g) {}"},
                   {"hub/core/a.cpp": NS % "void f(std::map<int, int> a, int b, int c, int d, int e) {}"}),
    "wide-catch": ({"hub/core/a.cpp": NS % "void f() { try { g(); } catch (...) { } }"},
                   {"hub/core/a.cpp": NS % "void f() { try { g(); } catch (const E& e) { } }  // catch (...)"}),
    "namespace": ({"hub/net/a.h": "namespace yimen::core {}\n"}, {"hub/net/a.h": "namespace yimen::net::inner {}\n"}),
    "pragma-once": ({"hub/core/a.h": "// #pragma once\n"}, {"hub/core/a.h": "#pragma once\n"}),
    "unit-test": ({"hub/core/a.cpp": ""}, {"hub/core/a.cpp": "", "tests/unit/core/a_test.cpp": "", "hub/main/m.cpp": ""}),
    "readme": ({"hub/core/a.h": ""}, {"hub/core/a.h": "", "hub/core/README.md": "x\n" * 30}),
    "leftovers": ({"hub/core/a.h": f"// {LEFTOVER}: later\n"}, {"hub/core/a.h": f"// {LEFTOVER}S are words too\n"}),
    "machine-paths": ({"scripts/start": f"cd {HOME}\n"}, {"scripts/start": "cd ./ho" + "me/x; echo a.library\n"}),
    "events": ({"hub/core/a.cpp": EVENT}, {"hub/core/a.cpp": EVENT,
                                           "hub/audit/messages.md": "- `a.b` something happened, do this\n"}),
    "adapter-folder": ({"adapters/x/adapter.yaml": ""},
                       {"adapters/x/adapter.yaml": "", "adapters/x/README.md": "", "adapters/x/tests/c.yaml": CASES}),
    "lua-length": ({"adapters/x/a.lua": "\n" * 151}, {"adapters/x/a.lua": "\n" * 150}),
    "luacheck": ({"adapters/x/a.lua": "local unused = 1\n"}, {"adapters/x/a.lua": "return {}\n"}),
    "portal-colours": ({"portal/src/a.vue": "<style>a { color: #ff0000 }</style>\n"},
                       {"portal/src/a.vue": '<a href="#abc">x</a>\n', "portal/src/styles/tokens.css": "a{color:#fff}\n"}),
    "format": ({"hub/core/a.h": "int  f( ) ;\n"}, {"hub/core/a.h": "int f();\n"}),
}

BANNED = ["throw 1;", "std::regex r;", "int x = rand();", "Poco::Random r;", "auto t = system_clock::now();",
          "sleep(1);", "std::this_thread::sleep_for(x);", "std::cout << 1;", "auto* p = new int;", "delete p;",
          "auto* p = reinterpret_cast<int*>(q);", "json.optValue(1);", "json.getValue<bool>(1);", "AutoPtr<X> p;",
          "std::stringstream s;", "char* p = NULL;"]
HARMLESS = ["f(const X&) = delete;", "// throw\n", 'log("throw new delete");', "int newValue = threw;",
            "std::istringstream s;", "bool deleted = x.isDeleted();"]


class Samples(unittest.TestCase):
    def findings(self, rule, files):
        with tempfile.TemporaryDirectory() as folder:
            for path, text in files.items():
                full = os.path.join(folder, path)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "w", encoding="utf-8") as file:
                    file.write(text)
            return list(RULES[rule](Tree(folder)))

    def test_every_rule_has_samples(self):
        self.assertEqual(set(RULES), set(SAMPLES) | {"banned"})

    def test_bad_samples_are_found(self):
        for rule, (bad, _) in SAMPLES.items():
            with self.subTest(rule):
                self.assertTrue(self.findings(rule, bad))

    def test_good_samples_are_not(self):
        for rule, (_, good) in SAMPLES.items():
            with self.subTest(rule):
                self.assertEqual([], self.findings(rule, good))

    def test_each_banned_word_is_found(self):
        for line in BANNED:
            with self.subTest(line):
                self.assertEqual(1, len(self.findings("banned", {"hub/core/a.cpp": NS % line})))

    def test_harmless_lines_are_not(self):
        for line in HARMLESS:
            with self.subTest(line):
                self.assertEqual([], self.findings("banned", {"hub/core/a.cpp": NS % line}))

    def test_further_bad_samples(self):
        further = [
            ("layers", {"hub/nowhere/a.h": ""}),
            ("homes", {"hub/net/a.cpp": "#include <lua.hpp>\n"}),
            ("homes", {"hub/net/a.cpp": "#include <openssl/ssl.h>\n"}),
            ("events", {"hub/audit/messages.md": "- `a.b` nobody writes this one\n"}),
            ("events", {"hub/core/a.cpp": EVENT, "hub/audit/messages.md": "- `a.b`\n"}),
            ("events", {"hub/core/a.cpp": EVENT,
                        "hub/audit/messages.md": "- `a.b` is described once\n- `a.b` is described twice\n"}),
            ("events", {"hub/core/a.cpp": NS % 'void f() { AuditEvent e; e.type = "x.y"; }'}),
            ("readme", {"hub/core/README.md": "x\n" * 31}),
            ("adapter-folder", {"adapters/x/adapter.yaml": "", "adapters/x/README.md": "", "adapters/x/tests/c.yaml": ""}),
            ("adapter-folder", {"adapters/x/README.md": ""}),
            ("adapter-folder", {"adapters/x/data.yaml": "", "adapters/x/a.cpp": ""}),
            ("namespace", {"hub/net/a.h": "#pragma once\n"}),
        ]
        for rule, files in further:
            with self.subTest(rule + " " + " ".join(files)):
                self.assertTrue(self.findings(rule, files))


class Functions(unittest.TestCase):
    def found(self, text):
        return [(f.name, f.length, f.parameters) for f in functions(without_comments_and_strings(text))]

    def test_shapes(self):
        text = ('namespace a {\nint plain(int x) {\n  return [&] { return x; }();\n}\nclass C {\npublic:\n'
                '  C(int a, int b) : a_{a}, b_(b) {\n  }\n  int get() const noexcept override { return a_; }\n'
                '  bool operator()(int a) { return a; }\n  int a_{1};\n};\n'
                'template <typename T, int N>\nauto templated(std::map<T, int> m, T (*f)(int, int)) -> T {\n}\n'
                'const std::array<int, 2> kTable{{1, 2}};\nint kFromLambda = [] { return 1; }();\n}\n')
        self.assertEqual([("plain", 3, 1), ("C", 2, 2), ("get", 1, 0), ("operator()", 1, 1), ("templated", 3, 2)],
                         self.found(text))

    def test_braces_in_strings_and_comments(self):
        text = 'void f() {\n  g("{{{");  // }}}\n  h(\'{\', R"x({ } )" )x");\n}\nvoid g() {\n}\n'
        self.assertEqual([("f", 4, 0), ("g", 2, 0)], self.found(text))


class Ratchet(unittest.TestCase):
    finding = [Finding("a", 1, "m"), Finding("a", 2, "m")]

    def test_allowed_findings_pass(self):
        self.assertEqual([], run.apply_allow("banned", self.finding, {"a": 2}))

    def test_one_more_than_allowed_fails(self):
        self.assertEqual(2, len(run.apply_allow("banned", self.finding, {"a": 1})))

    def test_stale_entries_fail(self):
        self.assertEqual(1, len(run.apply_allow("banned", self.finding, {"a": 3})))
        self.assertEqual(1, len(run.apply_allow("banned", self.finding, {"a": 2, "gone": 1})))

    def test_lists_only_shrink(self):
        self.assertTrue(run.check_growth("banned", {"a": 1, "b": 1}, {"a": 1}))
        self.assertFalse(run.check_growth("banned", {"b": 1}, {"a": 2}))
        self.assertFalse(run.check_growth("banned", {"a": 1}, None))

    def test_the_program_fails_on_a_finding(self):
        with tempfile.TemporaryDirectory() as folder:
            os.makedirs(os.path.join(folder, "hub/core"))
            with open(os.path.join(folder, "hub/core/a.h"), "w", encoding="utf-8") as file:
                file.write("int f();\n")
            done = subprocess.run([sys.executable, os.path.join(HERE, "run.py"), "--root", folder, "--rule",
                                   "pragma-once"], text=True, capture_output=True, check=False)
            self.assertEqual(1, done.returncode)
            self.assertIn("hub/core/a.h:1: pragma-once:", done.stdout)


if __name__ == "__main__":
    unittest.main()
