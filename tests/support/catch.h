// The one header that knows which Catch2 this is: v2 as Debian 12 has it; v3 needs a change here only.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
