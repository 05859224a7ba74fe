"""Rows of repositories whose trees are what no pack may be, made object by object."""
import itertools

from desk import Told
from frame import Case
from network import network
from repositories import FILE, LINK, MODULE, PROGRAM, TREE, Repository

AREA = "git"
NO_LINK = " is a link; a pack holds regular files and directories only"
_numbers = itertools.count()


def allowed(desk):
    network().allow(desk)


def repository(fill=Repository.pack):
    """A repository of this case alone."""
    made = Repository(network(), f"r{next(_numbers)}.git")
    fill(made)
    return made


def refused_tree(name, fill, message, *, whole=False, code="invalid-argument"):
    """A row for a repository that `fill` makes. `message` follows its address, but with `whole`."""
    def act(desk):
        url = network().url(f"git/{repository(fill).name}")
        told = desk.run("pack", "install", url)
        return Told(told.code, told.message.replace(url, "URL"), told.document)
    return Case(AREA, f"tree: {name}", act, code, message if whole else '"URL": ' + message, arrange=allowed)


def tree_rows():
    git_refuses = '"URL" holds objects that git refuses'

    def below(name):
        return lambda made: made.pack((TREE, name, made.tree((FILE, b"config", made.blob(b"[core]")))))

    def twice(made):
        made.commit(made.tree((FILE, b"a", made.blob(b"1")), (FILE, b"a", made.blob(b"2")), made.manifest()))

    def unsorted(made):
        made.commit(made.tree(made.manifest(), (FILE, b"a", made.blob(b"1"))))

    def itself_as_blob(made):
        made.pack((FILE, b"x", made.tree((FILE, b"y", made.blob(b"")))))

    def hooks(made):
        made.pack((TREE, b"hooks", made.tree((PROGRAM, b"post-checkout", made.blob(b"#!/bin/sh\n")))),
                  (TREE, b".git", made.tree()))

    def bomb(made):
        zeros = made.blob(bytes(60 << 20))
        made.pack(*((FILE, name, zeros) for name in (b"a", b"b", b"c", b"d", b"e")))

    table = [(f"a directory {name.decode()}", below(name)) for name in
             (b".git", b".GIT", b".Git", b"..", b".", b"git~1", b".git\xe2\x80\x8c")]
    table += [("a name with a slash", lambda made: made.pack((FILE, b"a/../../x", made.blob(b"x")))),
              ("a name twice", twice), ("names that are not sorted", unsorted),
              ("a tree that says it is a file", itself_as_blob),
              ("a linked .gitmodules", lambda made: made.pack((LINK, b".gitmodules", made.blob(b"x")))),
              (".git with hooks beside it", hooks),
              ("a .gitmodules whose address is an option",
               lambda made: made.pack((FILE, b".gitmodules",
                                       made.blob(b'[submodule "x"]\n\tpath = x\n\turl = --upload-pack=evil\n')))),
              ("a .gitmodules whose path is an option",
               lambda made: made.pack((FILE, b".gitmodules",
                                       made.blob(b'[submodule "x"]\n\tpath = -x\n\turl = https://localhost/\n'))))]
    rows = [refused_tree(what, fill, git_refuses, whole=True) for what, fill in table]
    return rows + [
        refused_tree("a link", lambda made: made.pack((LINK, b"soft", made.blob(b"/etc/passwd"))), '"soft"' + NO_LINK),
        refused_tree("a link, and a file beneath its name",
                     lambda made: made.pack((LINK, b"out", made.blob(b"/tmp")),
                                            (TREE, b"out", made.tree((FILE, b"x", made.blob(b"x"))))),
                     git_refuses, whole=True),
        refused_tree("a submodule", lambda made: made.pack((MODULE, b"module", "1" * 40)), '"module" is a submodule'),
        refused_tree("a mode nobody has", lambda made: made.pack((b"777", b"x", made.blob(b"x"))), '"x" is a submodule'),
        refused_tree("a backslash", lambda made: made.pack((FILE, b"..\\x", made.blob(b"x"))),
                     '"..\\x" has a backslash in its name'),
        refused_tree("an escape sequence", lambda made: made.pack((FILE, b"a\x1b[2J", made.blob(b"x"))),
                     '"a\\x1b[2J" has control or invisible characters'),
        refused_tree("a name that is no UTF-8", lambda made: made.pack((FILE, b"a\xff", made.blob(b"x"))),
                     '"a\\xff" is no valid UTF-8'),
        refused_tree("equal after case folding", lambda made: made.pack((FILE, b"COWORK.plugin.json", made.blob(b"x"))),
                     '"cowork.plugin.json" is the same as "COWORK.plugin.json"'),
        refused_tree("equal after normalisation",
                     lambda made: made.pack((FILE, "caf\u00e9".encode(), made.blob(b"x")),
                                            (FILE, "cafe\u0301".encode(), made.blob(b"x"))),
                     '"caf\u00e9" is the same as "cafe\u0301"'),
        refused_tree("no manifest", lambda made: made.commit(made.tree((FILE, b"x", made.blob(b"x")))),
                     "no cowork.plugin.json in the pack", whole=True, code="invalid-manifest"),
        refused_tree("a bomb: 300 MiB in five names of one file", bomb,
                     '"e" is too much: a pack holds at most 268435456 bytes'),
    ]
