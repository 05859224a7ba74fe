#include "activation_errors.h"

namespace cowork {

void ActivationErrors::remember(const std::string& name, const std::string& content, const Result<void>& activated) {
  const std::lock_guard lock(mutex_);
  const bool had_error = entries_.erase(name) > 0;
  if (!activated) entries_.emplace(name, Entry{content, activated.error()});
  if (!activated || had_error) ++revision_;
}

void ActivationErrors::forget_if(const std::function<bool(const std::string&, const Entry&)>& obsolete) {
  const std::lock_guard lock(mutex_);
  if (std::erase_if(entries_, [&](const auto& entry) { return obsolete(entry.first, entry.second); }) > 0) ++revision_;
}

ActivationErrors::Entries ActivationErrors::entries() const {
  const std::lock_guard lock(mutex_);
  return entries_;
}

}  // namespace cowork
