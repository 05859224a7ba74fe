// Changes archives so that what was changed is read at all: checksums, sizes and gzip are put right again behind
// libFuzzer's own changes, most of the time.
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

constexpr std::size_t block = 512;
constexpr std::size_t most_unpacked = 64 * 1024;

std::size_t octal(std::string_view digits) {
  std::size_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '7') break;
    value = value * 8 + static_cast<std::size_t>(c - '0');
  }
  return value;
}

/// Checksums of all headers, and an end of two blocks of zeros.
void repair_tar(std::string& archive) {
  archive.resize((archive.size() + block - 1) / block * block, '\0');
  for (std::size_t at = 0; at + block <= archive.size();) {
    const std::string_view header = std::string_view(archive).substr(at, block);
    if (header.find_first_not_of('\0') == std::string_view::npos) break;
    const std::size_t size = octal(header.substr(124, 11));
    std::fill_n(archive.begin() + static_cast<std::ptrdiff_t>(at + 148), 8, ' ');
    unsigned sum = 0;
    for (std::size_t i = 0; i < block; ++i) sum += static_cast<unsigned char>(archive[at + i]);
    std::array<char, 8> digits{};
    std::snprintf(digits.data(), digits.size(), "%06o", sum & 0777777U);
    archive.replace(at + 148, 7, digits.data(), 7);
    if (size > archive.size()) break;
    at += block + (size + block - 1) / block * block;
  }
  const std::size_t end = archive.find_last_not_of('\0') + 1;
  archive.resize((end + block - 1) / block * block + 2 * block, '\0');
}

std::size_t number(std::string_view bytes, std::size_t at, unsigned width) {
  std::size_t value = 0;
  for (unsigned i = width; i-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

void put(std::string& bytes, std::size_t at, std::size_t value) {
  for (unsigned i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i) & 0xffU);
}

/// One record of the directory, with what it stands for: checksum of stored bytes, sizes.
void repair_record(std::string& archive, std::size_t record) {
  const std::size_t local = number(archive, record + 42, 4);
  if (local + 30 > archive.size() || archive.compare(local, 4, "PK\x03\x04") != 0) return;
  const std::size_t begin = local + 30 + number(archive, local + 26, 2) + number(archive, local + 28, 2);
  const std::size_t size = number(archive, local + 18, 4);
  const bool stored = number(archive, local + 8, 2) == 0;
  if (stored && begin <= archive.size() && size <= archive.size() - begin)
    put(archive, local + 14,
        ::crc32(0, reinterpret_cast<const Bytef*>(archive.data() + begin), static_cast<unsigned>(size)));
  if (stored) put(archive, local + 22, size);
  for (const std::size_t field : {14U, 18U, 22U}) put(archive, record + field + 2, number(archive, local + field, 4));
}

void repair_zip(std::string& archive) {
  const std::size_t directory = archive.find("PK\x01\x02");
  const std::size_t end = archive.rfind("PK\x05\x06");
  if (directory == std::string::npos || end == std::string::npos || end < directory || end + 22 > archive.size())
    return;
  std::size_t count = 0;
  for (std::size_t at = directory; at + 46 <= end && archive.compare(at, 4, "PK\x01\x02") == 0; ++count) {
    repair_record(archive, at);
    at += 46 + number(archive, at + 28, 2) + number(archive, at + 30, 2) + number(archive, at + 32, 2);
  }
  archive[end + 8] = archive[end + 10] = static_cast<char>(count);
  put(archive, end + 12, end - directory);
  put(archive, end + 16, directory);
  archive.resize(end + 22);
  archive[end + 20] = archive[end + 21] = '\0';
}

void repair(std::string& archive) {
  archive.starts_with("PK") ? repair_zip(archive) : repair_tar(archive);
}

/// Empty for what is no whole gzip member.
std::string gunzipped(std::string_view bytes) {
  z_stream stream{};
  if (::inflateInit2(&stream, 15 + 16) != Z_OK) return {};
  std::string out(most_unpacked, '\0');
  std::string in(bytes);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<unsigned>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<unsigned>(out.size());
  const bool whole = ::inflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(whole ? stream.total_out : 0);
  ::inflateEnd(&stream);
  return out;
}

std::string gzipped(std::string bytes) {
  z_stream stream{};
  if (::deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(::deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<unsigned>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<unsigned>(out.size());
  ::deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  ::deflateEnd(&stream);
  return out;
}

std::string mutated(std::string_view bytes, std::size_t most) {
  std::string out(bytes);
  out.resize(std::max(most, bytes.size()));
  out.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(out.data()), bytes.size(), most));
  return out;
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const bool as_it_is = seed % 4 == 0;
  std::string inner = input.starts_with("\x1f\x8b") && !as_it_is ? gunzipped(input) : std::string();
  const bool packed = !inner.empty();
  std::string out = mutated(packed ? std::string_view(inner) : input, packed ? most_unpacked : most);
  if (!as_it_is && !out.starts_with("{") && !out.starts_with("\x1f\x8b")) repair(out);
  if (packed) out = gzipped(out);
  if (out.empty() || out.size() > most) return LLVMFuzzerMutate(data, size, most);
  std::memcpy(data, out.data(), out.size());
  return out.size();
}
