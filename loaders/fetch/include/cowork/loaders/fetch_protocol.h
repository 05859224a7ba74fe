// What the host and cowork-fetch say to one another.
//
// The host writes one JSON document (`request`) to the program's stdin and closes it. The program writes frames to its
// stdout: one line of JSON, an object with one member; after a `file` frame exactly `size` raw bytes. The last frame is
// `done` or `error`. A directory's frame comes before what lies in it. A document is one file called `document`.
//
//   {"progress":{"phase":"download","bytes":4096,"total":0}}
//   {"directory":{"path":"skills"}}
//   {"file":{"path":"cowork.plugin.json","size":412,"executable":false}}
//   {"done":{"sha256":"…","commit":""}}
//   {"error":{"code":"network","message":"…","why":"…","try":"…"}}
//
// The program has read hostile input, so the host takes its frames for hostile too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cowork::loaders::fetch_protocol {

// Members of the request.
inline constexpr std::string_view kind = "kind";  // one of the four below
inline constexpr std::string_view kind_git = "git";
inline constexpr std::string_view kind_url = "url";
inline constexpr std::string_view kind_archive = "archive";
inline constexpr std::string_view kind_document = "document";  // also what the file is called
inline constexpr std::string_view address = "address";
inline constexpr std::string_view ref = "ref";
inline constexpr std::string_view scratch = "scratch";
inline constexpr std::string_view settings = "settings";
inline constexpr std::string_view proxy = "proxy";
inline constexpr std::string_view allow_hosts = "allowHosts";
inline constexpr std::string_view ca_file = "caFile";
inline constexpr std::string_view token_file = "tokenFile";
inline constexpr std::string_view allow_http = "allowHttp";
inline constexpr std::string_view limits = "limits";
inline constexpr std::string_view download_bytes = "downloadBytes";
inline constexpr std::string_view unpacked_bytes = "unpackedBytes";
inline constexpr std::string_view entries = "entries";
inline constexpr std::string_view ratio = "ratio";
inline constexpr std::string_view memory_bytes = "memoryBytes";
inline constexpr std::string_view total_ms = "totalMs";
inline constexpr std::string_view stall_ms = "stallMs";

// Frames, and their members.
inline constexpr std::string_view progress = "progress";
inline constexpr std::string_view phase = "phase";
inline constexpr std::string_view bytes = "bytes";
inline constexpr std::string_view total = "total";
inline constexpr std::string_view directory = "directory";
inline constexpr std::string_view file = "file";
inline constexpr std::string_view path = "path";
inline constexpr std::string_view size = "size";
inline constexpr std::string_view executable = "executable";
inline constexpr std::string_view done = "done";
inline constexpr std::string_view sha256 = "sha256";  // of the request too
inline constexpr std::string_view commit = "commit";
inline constexpr std::string_view error = "error";
inline constexpr std::string_view code = "code";
inline constexpr std::string_view message = "message";
inline constexpr std::string_view why = "why";
inline constexpr std::string_view remedy = "try";

inline constexpr std::uint64_t largest_document = 16ULL << 20U;
inline constexpr std::size_t longest_request = 64U << 10U;
inline constexpr std::size_t longest_frame_line = 16U << 10U;
inline constexpr std::size_t longest_error_text = 2000;

}  // namespace cowork::loaders::fetch_protocol
