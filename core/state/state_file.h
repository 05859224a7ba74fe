// One JSON document of the home with a last good copy beside it: `<name>`, `<name>.last-good`, `<name>.lock`, and what
// was moved aside, `<name>.corrupt-<ms>`.
//
// Threads: one at a time for save(); everything else by any.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/json_reader.h"
#include "cowork/catalog/scope.h"
#include "cowork/ports/clock.h"
#include "cowork/ports/disk.h"

namespace cowork {

/// Where a loaded state came from.
enum class StateOrigin : std::uint8_t {
  absent,  ///< there is no file: the defaults
  file,
  last_good,  ///< the file was corrupt
  lost        ///< the file was corrupt, and there is no copy that is any better
};

/// What to do when everything is lost.
struct StateLoss {
  std::string text;              ///< what the file holds from then on
  std::string_view consequence;  ///< the end of the sentence that reports it
};

class StateFile {
 public:
  /// Takes the state out of a document, or says what is wrong with it; in that case nothing is taken.
  using Decode = std::function<Result<void>(const json::Document&)>;

  StateFile(std::shared_ptr<Disk> disk, std::string home, std::shared_ptr<Clock> clock, std::string name);

  /// Writes nothing unless the file is corrupt. Then, under the file's lock, it changes places with what is in force
  /// from now on, so that there is no moment without a file, which would mean the defaults. Where that is impossible (a
  /// read-only home) the answer is the same, and so is the incident, each time.
  /// Errors: io when the file exists and can't be read.
  Result<StateOrigin> load(const Decode& decode, const StateLoss& loss, std::vector<Diagnostic>& incidents);

  /// Makes the home when it is missing. Errors: io, timeout (the file's lock); the file then holds what it held.
  Result<void> save(std::string_view text);

  /// Changes whenever the file changes; 0 when there is none.
  std::uint64_t fingerprint() const;

 private:
  struct Reading {
    bool found = false;
    std::optional<Error> fault;  ///< why the file is corrupt
  };
  struct Recovered {
    StateOrigin origin;
    std::string text;
    std::string sentence;
  };

  Result<Reading> read(const Directory& home, const std::string& name, const Decode& decode,
                       std::string* text_out = nullptr) const;
  Result<StateOrigin> recover(Directory& home, const Decode& decode, const StateLoss& loss, Error fault,
                              std::vector<Diagnostic>& incidents);
  Recovered last_good(const Directory& home, const Decode& decode, const StateLoss& loss) const;
  /// Puts `text` in the file's place; answers the name that the corrupt file has now.
  Result<std::string> move_aside(Directory& home, std::string_view text) const;
  Result<std::unique_ptr<FileLock>> lock(Directory& home) const;
  std::string copy_name() const { return name_ + ".last-good"; }
  std::string path_of(const std::string& name) const { return home_ + '/' + name; }

  std::shared_ptr<Disk> disk_;
  std::string home_;
  std::shared_ptr<Clock> clock_;
  std::string name_;
  std::mutex mutex_;
  /// What went wrong after a save was committed; the next load() tells.
  std::vector<Diagnostic> pending_;
};

}  // namespace cowork
