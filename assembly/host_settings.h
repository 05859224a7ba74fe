// host.json: what is not policy (SPEC §2). The machine's file wins over the user's, key by key. Private to assembly.
#pragma once

#include <string>
#include <vector>

#include "cowork/catalog/scope.h"
#include "cowork/loaders/fetcher.h"
#include "cowork/ports/disk.h"

namespace cowork {

struct HostSettings {
  std::string log_level = "warning";
  std::string audit_path;  ///< from the machine's file only; empty: <home>/audit.jsonl
  std::uint64_t audit_max_bytes = 16u << 20;
  unsigned audit_max_files = 8;
  bool audit_reads = false;
  loaders::FetchSettings fetch;
  std::string registry;  ///< an https address or an absolute directory; empty: none
  /// Without what the user's file says of proxy, allowHosts and allowHttp, and of the registry: in force where the
  /// machine is governed.
  loaders::FetchSettings machine_fetch;
  std::string machine_registry;
  /// `ignored-settings`: what of the user's file does not count there.
  std::vector<Diagnostic> ignored_where_governed;
  /// Why the machine's file, though it is there, can't be used or relied on; empty when it can. Until it is mended
  /// nobody knows where the audit trail belongs, so changes have to be refused.
  std::string machine_fault;
  std::vector<Diagnostic> diagnostics;  ///< `invalid-settings`: what could not be used, and where
};

/// Never fails: a file that can't be used is a diagnostic, and its settings are the defaults.
HostSettings read_host_settings(const Disk& disk, const std::string& machine_path, const std::string& user_path);

}  // namespace cowork
