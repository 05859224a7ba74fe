#include "host_settings.h"

#include <boost/filesystem/path.hpp>

#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"
#include "cowork/loaders/registry.h"

namespace cowork {
namespace {

constexpr std::size_t largest_settings_file = 1u << 20;

/// One file's settings, applied onto what is there; each member is taken or reported.
class SettingsFile {
 public:
  SettingsFile(const json::Document& document, bool machine, HostSettings& settings)
      : document_(&document), machine_(machine), settings_(&settings) {}

  void apply() {
    const json::Object* members = document_->root.as_object();
    if (!members) return wrong(document_->root, "", "an object");
    for (const json::Member& member : *members) apply(member);
  }

 private:
  void apply(const json::Member& member) {
    const std::string pointer = json::pointer_step(member.key);
    if (member.key == "logLevel") {
      take_log_level(member.value, pointer);
    } else if (member.key == "audit") {
      apply_audit(member.value, pointer);
    } else if (member.key == "fetch") {
      apply_fetch(member.value, pointer);
    } else if (member.key == "registry") {
      apply_registry(member.value, pointer);
    } else {
      report(document_->place(member.key_offset, pointer), "unknown setting " + quoted(member.key));
    }
  }

  void take_log_level(const json::Value& value, const std::string& pointer) {
    const std::string* level = value.as_string();
    for (const char* known : {"error", "warning", "info", "debug"}) {
      if (level && *level == known) {
        settings_->log_level = *level;
        return;
      }
    }
    wrong(value, pointer, "one of error, warning, info, debug");
  }

  void apply_audit(const json::Value& audit, const std::string& pointer) {
    const json::Object* members = audit.as_object();
    if (!members) return wrong(audit, pointer, "an object");
    for (const json::Member& member : *members) {
      const std::string here = pointer + json::pointer_step(member.key);
      const auto integer = member.value.as_int64();
      if (member.key == "path") {
        take_audit_path(member.value, here);
      } else if (member.key == "maxBytes") {
        if (integer && *integer >= 4096)
          settings_->audit_max_bytes = static_cast<std::uint64_t>(*integer);
        else
          wrong(member.value, here, "an integer of at least 4096");
      } else if (member.key == "maxFiles") {
        if (integer && *integer >= 1 && *integer <= 1000)
          settings_->audit_max_files = static_cast<unsigned>(*integer);
        else
          wrong(member.value, here, "an integer from 1 to 1000");
      } else if (member.key == "reads") {
        if (const bool* reads = member.value.as_bool())
          settings_->audit_reads = *reads;
        else
          wrong(member.value, here, "a boolean");
      } else {
        report(document_->place(member.key_offset, here), "unknown setting " + quoted(member.key));
      }
    }
  }

  void apply_fetch(const json::Value& fetch, const std::string& pointer) {
    const json::Object* members = fetch.as_object();
    if (!members) return wrong(fetch, pointer, "an object");
    for (const json::Member& member : *members) {
      const std::string here = pointer + json::pointer_step(member.key);
      if (member.key == "caFile") {
        take_path(member.value, here, &loaders::FetchSettings::ca_file);
      } else if (member.key == "tokenFile") {
        take_path(member.value, here, &loaders::FetchSettings::token_file);
      } else if (member.key == "proxy") {
        take_proxy(member.value, here);
      } else if (member.key == "allowHosts") {
        take_hosts(member.value, here);
      } else if (member.key == "allowHttp") {
        if (const bool* allow = member.value.as_bool())
          take_fetch(member.value, here, [&](loaders::FetchSettings& section) { section.allow_http = *allow; });
        else
          wrong(member.value, here, "a boolean");
      } else {
        report(document_->place(member.key_offset, here), "unknown setting " + quoted(member.key));
      }
    }
  }

  void apply_registry(const json::Value& registry, const std::string& pointer) {
    const json::Object* members = registry.as_object();
    if (!members) return wrong(registry, pointer, "an object");
    for (const json::Member& member : *members) {
      const std::string here = pointer + json::pointer_step(member.key);
      if (member.key == "url")
        take_registry(member.value, here);
      else
        report(document_->place(member.key_offset, here), "unknown setting " + quoted(member.key));
    }
  }

  void take_registry(const json::Value& value, const std::string& pointer) {
    const std::string* address = value.as_string();
    if (!address) return wrong(value, pointer, "a string");
    if (!loaders::is_registry_address(*address)) {
      return report(document_->place(value, pointer),
                    "expected an https address without user information, query and fragment, or an absolute path");
    }
    settings_->registry = *address;
    if (machine_) settings_->machine_registry = *address;
    note_ignored(value, pointer);
  }

  /// What opens ways that an administrator may want closed is the machine's to say, where an administrator governs it.
  template <class Set>
  void take_fetch(const json::Value& value, const std::string& pointer, const Set& set) {
    set(settings_->fetch);
    if (machine_) set(settings_->machine_fetch);
    note_ignored(value, pointer);
  }

  void note_ignored(const json::Value& value, const std::string& pointer) {
    if (machine_) return;
    settings_->ignored_where_governed.push_back(
        {Severity::warning, "ignored-settings",
         "this setting is the machine's to make, since an administrator governs it: ignored here",
         document_->place(value, pointer)});
  }

  void take_path(const json::Value& value, const std::string& pointer, std::string loaders::FetchSettings::*member) {
    const std::string* path = value.as_string();
    if (!path || path->empty() || path->front() != '/') return wrong(value, pointer, "an absolute path");
    settings_->fetch.*member = *path;
    settings_->machine_fetch.*member = *path;
  }

  void take_proxy(const json::Value& value, const std::string& pointer) {
    const std::string* proxy = value.as_string();
    if (!proxy || (!proxy->starts_with("http://") && !proxy->starts_with("https://")))
      return wrong(value, pointer, "an address that begins with http:// or https://");
    take_fetch(value, pointer, [&](loaders::FetchSettings& section) { section.proxy = *proxy; });
  }

  void take_hosts(const json::Value& value, const std::string& pointer) {
    const json::Array* entries = value.as_array();
    if (!entries) return wrong(value, pointer, "an array of host names");
    std::vector<std::string> hosts;
    for (std::size_t i = 0; i < entries->size(); ++i) {
      const std::string* host = (*entries)[i].as_string();
      if (!host || host->empty() || host->find('/') != std::string::npos)
        return wrong((*entries)[i], pointer + "/" + std::to_string(i), "\"host\" or \"host:port\"");
      hosts.push_back(*host);
    }
    take_fetch(value, pointer, [&](loaders::FetchSettings& section) { section.allow_hosts = hosts; });
  }

  void take_audit_path(const json::Value& value, const std::string& pointer) {
    const std::string* path = value.as_string();
    if (!machine_) {
      report(document_->place(value, pointer), "the audit path is the machine's to set: ignored here");
    } else if (path && !path->empty() && path->front() == '/') {
      settings_->audit_path = *path;
    } else {
      wrong(value, pointer, "an absolute path");
    }
  }

  void wrong(const json::Value& value, const std::string& pointer, const std::string& expected) {
    report(document_->place(value, pointer), "expected " + expected + ", found " + std::string(describe(value.kind())));
  }
  void report(SourcePlace place, std::string message) {
    if (machine_ && settings_->machine_fault.empty()) settings_->machine_fault = place.to_string() + ": " + message;
    settings_->diagnostics.push_back({Severity::error, "invalid-settings", std::move(message), std::move(place)});
  }

  const json::Document* document_;
  bool machine_;
  HostSettings* settings_;
};

void read_file(const Disk& disk, const std::string& path, bool machine, HostSettings& settings) {
  if (path.empty()) return;  // the embedding application wants none
  const boost::filesystem::path file(path);
  const auto directory = disk.open(file.parent_path().string());
  const auto report = [&](const Error& error) {
    SourcePlace place = error.place().value_or(SourcePlace{});
    if (place.file.empty()) place.file = path;
    if (machine && settings.machine_fault.empty()) settings.machine_fault = error.message();
    settings.diagnostics.push_back({Severity::error, "invalid-settings", error.message(), std::move(place)});
  };
  if (!directory) {
    if (directory.error().code() != ErrorCode::not_found) report(directory.error());
    return;
  }
  FileStatus status;
  const auto text = (*directory)->read(file.filename().string(), largest_settings_file, &status);
  if (!text) {
    if (text.error().code() != ErrorCode::not_found) report(text.error());
    return;
  }
  if (machine) {
    Trust trust = disk.trust_of_directory((*directory)->path());
    if (trust.trusted) trust = trust_of(status, path);
    if (!trust.trusted)
      return report(Error(ErrorCode::integrity, "the machine's settings are not used: " + trust.reason));
  }
  const auto document = json::parse(*text, path, json::manifest_limits, ErrorCode::invalid_argument);
  if (!document) return report(document.error());
  SettingsFile(*document, machine, settings).apply();
}

}  // namespace

HostSettings read_host_settings(const Disk& disk, const std::string& machine_path, const std::string& user_path) {
  HostSettings settings;
  read_file(disk, user_path, false, settings);
  read_file(disk, machine_path, true, settings);
  return settings;
}

}  // namespace cowork
