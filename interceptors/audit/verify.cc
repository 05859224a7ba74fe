#include "verify.h"

namespace cowork::audit {
namespace {

std::string missing_lines(std::uint64_t first, std::uint64_t last, std::string_view where) {
  const std::string number = std::to_string(first);
  if (first == last) return "line " + number + " is missing " + std::string(where);
  return "lines " + number + " to " + std::to_string(last) + " are missing " + std::string(where);
}

class Walker {
 public:
  Walker(const std::optional<Head>& head, std::string_view boot) : head_(head ? &*head : nullptr) {
    head_may_be_old_ = head_ != nullptr && head_->boot != boot;
  }

  /// Why `text` can't be the next line; empty when it can.
  std::string take(std::string_view text) {
    const std::optional<ReadLine> line = read_line(text);
    if (!line) return "it is no line of an audit trail";
    if (!line->intact) return "its content does not have the hash that it states";
    std::string reason = began_ ? follows(*line) : begins(*line);
    if (reason.empty()) reason = agrees_with_head(*line);
    if (reason.empty()) {
      began_ = true;
      last_ = line->place;
    }
    return reason;
  }

  /// A last line without its line feed was being written when the process or the machine stopped.
  bool torn_line_is_explained() const { return head_ == nullptr || head_->next || head_may_be_old_; }

  /// Why the trail can't end here; empty when it can.
  std::string end() const {
    if (head_ == nullptr) return {};
    const std::uint64_t present = last().seq;
    if (present >= head_->last.seq) return {};
    return missing_lines(present + 1, head_->last.seq, "at the end");
  }

  const Link& start() const { return start_; }
  Link last() const { return began_ || head_ == nullptr ? last_ : head_->start; }

 private:
  std::string begins(const ReadLine& line) {
    const std::uint64_t seq = line.place.seq;
    if (head_ != nullptr && seq > head_->start.seq + 1) {
      return missing_lines(head_->start.seq + 1, seq - 1, "before it");
    }
    // Older than the head's start: a file that was about to be removed.
    if (head_ != nullptr && seq == head_->start.seq + 1 && line.prev != head_->start.hash) return not_following();
    if (seq == 0) return "it has the number 0, but numbers begin with 1";
    start_ = {seq - 1, line.prev};
    return {};
  }

  std::string follows(const ReadLine& line) const {
    const std::uint64_t due = last_.seq + 1;
    const std::uint64_t seq = line.place.seq;
    if (seq > due) return missing_lines(due, seq - 1, "before it");
    if (seq < due) return "it has the number " + std::to_string(seq) + " where " + std::to_string(due) + " was due";
    return line.prev == last_.hash ? std::string() : not_following();
  }

  std::string agrees_with_head(const ReadLine& line) const {
    if (head_ == nullptr) return {};
    const Link& place = line.place;
    for (const Link* known : {&head_->start, &head_->last}) {
      if (place.seq == known->seq && place.hash != known->hash) return "it is not the line that the head knows";
    }
    if (place.seq <= head_->last.seq || head_may_be_old_) return {};
    if (head_->next == place) return {};
    return "it stands after the last line that the head knows";
  }

  static std::string not_following() { return "it does not follow the line before it, which was changed"; }

  const Head* head_;
  bool head_may_be_old_ = false;
  bool began_ = false;
  Link start_;
  Link last_;
};

/// Goes through one file; the number of bytes in complete lines, or where it stopped.
struct FileWalk {
  std::uint64_t complete = 0;
  std::uint64_t lines = 0;
  std::string reason;
};

FileWalk walk_file(Walker& walker, std::string_view bytes, bool current) {
  FileWalk result;
  while (result.complete < bytes.size()) {
    const std::size_t end = bytes.find('\n', result.complete);
    if (end == std::string_view::npos) {
      if (!current || !walker.torn_line_is_explained()) result.reason = "it does not end with a line feed";
      return result;
    }
    result.reason = walker.take(bytes.substr(result.complete, end - result.complete));
    if (!result.reason.empty()) return result;
    result.complete = end + 1;
    ++result.lines;
  }
  return result;
}

}  // namespace

Walk walk(const std::vector<TrailFile>& files, const std::optional<Head>& head, std::string_view boot) {
  Walker walker(head, boot);
  Walk result;
  FileWalk last;
  for (const TrailFile& file : files) {
    last = walk_file(walker, file.bytes, &file == &files.back());
    if (!last.reason.empty()) {
      result.first_bad = FirstBad{file.path, last.lines + 1, last.reason};
      break;
    }
  }
  if (!result.first_bad && !files.empty()) {
    if (std::string reason = walker.end(); !reason.empty()) {
      result.first_bad = FirstBad{files.back().path, last.lines + 1, std::move(reason)};
    }
  }
  result.start = walker.start();
  result.last = walker.last();
  result.complete = last.complete;
  return result;
}

}  // namespace cowork::audit
