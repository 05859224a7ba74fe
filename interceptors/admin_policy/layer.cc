#include "layer.h"

namespace cowork::admin_policy {

std::string_view to_string(LayerKind kind) noexcept {
  return kind == LayerKind::machine ? "machine" : "user";
}

std::string_view to_string(LayerState state) noexcept {
  switch (state) {
    case LayerState::absent:
      return "absent";
    case LayerState::valid:
      return "valid";
    case LayerState::last_good:
      return "last-good";
    case LayerState::broken:
      break;
  }
  return "broken";
}

Layer::Layer(LayerKind kind, std::string path, LayerState state, std::string revision)
    : kind_(kind), path_(std::move(path)), state_(state), revision_(std::move(revision)) {}

void Layer::take(std::shared_ptr<const PolicyDocument> document) {
  document_ = std::move(document);
  for (const List list : all_lists) {
    const auto& entries = document_->list(list).entries;
    IdIndex& index = index_[static_cast<std::size_t>(list)];
    index.reserve(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) index.emplace(entries[i].value, i);
  }
}

std::shared_ptr<const Layer> Layer::absent(LayerKind kind, std::string path) {
  return std::shared_ptr<const Layer>(new Layer(kind, std::move(path), LayerState::absent, "absent"));
}

std::shared_ptr<const Layer> Layer::valid(LayerKind kind, std::string path, std::string revision,
                                          std::shared_ptr<const PolicyDocument> document) {
  std::shared_ptr<Layer> layer(new Layer(kind, std::move(path), LayerState::valid, std::move(revision)));
  layer->take(std::move(document));
  return layer;
}

std::shared_ptr<const Layer> Layer::invalid(LayerKind kind, std::string path, std::string revision,
                                            std::vector<Error> errors, std::shared_ptr<const PolicyDocument> document) {
  const LayerState state = document ? LayerState::last_good : LayerState::broken;
  std::shared_ptr<Layer> layer(new Layer(kind, std::move(path), state, std::move(revision)));
  layer->errors_ = std::move(errors);
  if (document) layer->take(std::move(document));
  return layer;
}

const Stated<std::string>* Layer::find(List list, std::string_view id) const noexcept {
  const IdIndex& index = index_[static_cast<std::size_t>(list)];
  const auto found = index.find(id);
  return found == index.end() ? nullptr : &document_->list(list).entries[found->second];
}

std::size_t Layer::position(List list, const Stated<std::string>& entry) const noexcept {
  return static_cast<std::size_t>(&entry - document_->list(list).entries.data());
}

}  // namespace cowork::admin_policy
