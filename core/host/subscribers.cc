#include "subscribers.h"

#include <exception>
#include <mutex>
#include <vector>

namespace cowork {

/// One subscriber. Its mutex is held while it is called, so that giving up the handle waits for a call that is under
/// way; recursive, since a listener may give up its own handle.
struct Subscribers::Listener {
  std::recursive_mutex mutex;
  std::function<void(const Event&)> function;
};

struct Subscribers::Listeners {
  std::mutex mutex;
  std::vector<std::shared_ptr<Listener>> all;
};

Subscribers::Subscribers() : listeners_(std::make_shared<Listeners>()) {}

std::shared_ptr<void> Subscribers::add(std::function<void(const Event&)> function) {
  auto listener = std::make_shared<Listener>();
  listener->function = std::move(function);
  const std::lock_guard lock(listeners_->mutex);
  listeners_->all.push_back(listener);
  return std::shared_ptr<void>(nullptr, [weak = std::weak_ptr(listeners_), listener](void*) {
    if (const auto listeners = weak.lock()) {
      const std::lock_guard inner(listeners->mutex);
      std::erase(listeners->all, listener);
    }
    const std::lock_guard waiting(listener->mutex);
    listener->function = nullptr;
  });
}

void Subscribers::tell(const Event& event, const std::function<void(std::string_view what)>& failed) {
  std::vector<std::shared_ptr<Listener>> listeners;
  {
    const std::lock_guard lock(listeners_->mutex);
    listeners = listeners_->all;
  }
  for (const auto& listener : listeners) {
    const std::lock_guard lock(listener->mutex);
    if (!listener->function) continue;
    try {
      listener->function(event);
    } catch (const std::exception& exception) {
      failed(exception.what());
    } catch (...) {
      failed("something that is no std::exception");
    }
  }
}

}  // namespace cowork
