// Gives the precompiled header a translation unit of its own: main.cc must include Catch2 with its main and can't use
// it.
