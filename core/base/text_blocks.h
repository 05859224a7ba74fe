// What most strings of a JSON text are made of, 64 bytes at a time.
#pragma once

namespace cowork::json {

/// Where `at` goes on to from a character's beginning in a string, as long as there are 64 bytes and all of them are
/// printable ASCII, characters of two or three bytes but a few, and the escapes \n \t \" \\ \/. It ends at a quotation
/// mark, a control character, another escape; before at most 64 bytes of which somebody else has to see what they are;
/// or where fewer than 64 are left. `escaped` is set where one of the escapes was passed.
const char* pass_usual_blocks(const char* at, const char* end, bool& escaped) noexcept;

/// The same with these instructions, which the processor has to have.
const char* pass_usual_blocks_sse2(const char* at, const char* end, bool& escaped) noexcept;
const char* pass_usual_blocks_avx2(const char* at, const char* end, bool& escaped) noexcept;

}  // namespace cowork::json
