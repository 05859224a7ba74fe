// Which characters are not seen, and among which others they belong.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace cowork::content_scan {

struct CharacterRange {
  char32_t first, last;
};

template <std::size_t Count>
constexpr bool lies_in(char32_t value, const std::array<CharacterRange, Count>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const CharacterRange& range) { return value >= range.first && value <= range.last; });
}

constexpr char32_t soft_hyphen = 0xAD, byte_order_mark = 0xFEFF;
constexpr char32_t zero_width_space = 0x200B, non_joiner = 0x200C, joiner = 0x200D;
constexpr char32_t black_flag = 0x1F3F4, cancel_tag = 0xE007F;

/// Unicode's Default_Ignorable_Code_Point, but for those of which lists of their own follow.
constexpr std::array<CharacterRange, 15> zero_width{{{0xAD, 0xAD},
                                                     {0x034F, 0x034F},
                                                     {0x061C, 0x061C},
                                                     {0x115F, 0x1160},
                                                     {0x17B4, 0x17B5},
                                                     {0x180B, 0x180F},
                                                     {0x200B, 0x200F},
                                                     {0x2060, 0x2065},
                                                     {0x206A, 0x206F},
                                                     {0x3164, 0x3164},
                                                     {0xFEFF, 0xFEFF},
                                                     {0xFFA0, 0xFFA0},
                                                     {0xFFF0, 0xFFF8},
                                                     {0x1BCA0, 0x1BCA3},
                                                     {0x1D173, 0x1D17A}}};
constexpr std::array<CharacterRange, 2> bidi_controls{{{0x202A, 0x202E}, {0x2066, 0x2069}}};
constexpr std::array<CharacterRange, 1> tags{{{0xE0000, 0xE007F}}};
/// Ignorable, and without any meaning so far.
constexpr std::array<CharacterRange, 2> unassigned{{{0xE0080, 0xE00FF}, {0xE01F0, 0xE0FFF}}};
constexpr std::array<CharacterRange, 2> variation_selectors{{{0xFE00, 0xFE0F}, {0xE0100, 0xE01EF}}};
/// Of them, those of ideographs.
constexpr std::array<CharacterRange, 1> ideographic_selectors{{{0xE0100, 0xE01EF}}};

/// Of zero_width, those that stand inside of words where they belong, and change how the word is read.
constexpr std::array<CharacterRange, 5> separators{
    {{0x200B, 0x200D}, {0x2060, 0x2065}, {0x206A, 0x206F}, {0x180E, 0x180E}, {0xFEFF, 0xFEFF}}};
constexpr std::array<CharacterRange, 2> bidi_marks{{{0x061C, 0x061C}, {0x200E, 0x200F}}};

constexpr std::array<CharacterRange, 3> ideographs{{{0x3400, 0x9FFF}, {0xF900, 0xFAFF}, {0x20000, 0x3FFFF}}};
/// What emoji sequences are made of, with the symbols among them and the tones of skin.
constexpr std::array<CharacterRange, 12> pictographs{{{0xA9, 0xA9},
                                                      {0xAE, 0xAE},
                                                      {0x203C, 0x203C},
                                                      {0x2049, 0x2049},
                                                      {0x20E3, 0x20E3},
                                                      {0x2122, 0x2122},
                                                      {0x2139, 0x2139},
                                                      {0x2190, 0x23FF},
                                                      {0x24C2, 0x24C2},
                                                      {0x25A0, 0x27BF},
                                                      {0x2900, 0x2BFF},
                                                      {0x1F000, 0x1FAFF}}};
/// Arabic and its relatives, the scripts of India and of South-East Asia, Mongolian: joiners shape their letters.
constexpr std::array<CharacterRange, 13> joining_scripts{{{0x0600, 0x08FF},
                                                          {0x0900, 0x0DFF},
                                                          {0x0F00, 0x0FFF},
                                                          {0x1000, 0x109F},
                                                          {0x1780, 0x18AF},
                                                          {0x1900, 0x1AAF},
                                                          {0x1B00, 0x1C4F},
                                                          {0x1CD0, 0x1CFF},
                                                          {0xA800, 0xA8FF},
                                                          {0xA900, 0xAAFF},
                                                          {0xABC0, 0xABFF},
                                                          {0xFB50, 0xFEFC},
                                                          {0x10A00, 0x11FFF}}};
/// Scripts without spaces between words: a space without width says where a line may break.
constexpr std::array<CharacterRange, 5> unspaced_scripts{
    {{0x0E00, 0x0EFF}, {0x0F00, 0x0FFF}, {0x1000, 0x109F}, {0x1780, 0x17FF}, {0x1900, 0x1AAF}}};

constexpr bool is_ascii_letter(char32_t value) {
  return (value >= U'a' && value <= U'z') || (value >= U'A' && value <= U'Z');
}

}  // namespace cowork::content_scan
