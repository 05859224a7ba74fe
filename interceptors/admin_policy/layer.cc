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

std::shared_ptr<const Layer> Layer::absent(LayerKind kind, std::string path) {
  return std::shared_ptr<const Layer>(new Layer(kind, std::move(path), LayerState::absent, "absent"));
}

std::shared_ptr<const Layer> Layer::valid(LayerKind kind, std::string path, std::string revision,
                                          std::shared_ptr<const PolicyDocument> document) {
  std::shared_ptr<Layer> layer(new Layer(kind, std::move(path), LayerState::valid, std::move(revision)));
  layer->document_ = std::move(document);
  return layer;
}

std::shared_ptr<const Layer> Layer::invalid(LayerKind kind, std::string path, std::string revision,
                                            std::vector<Error> errors, std::shared_ptr<const PolicyDocument> document) {
  const LayerState state = document ? LayerState::last_good : LayerState::broken;
  std::shared_ptr<Layer> layer(new Layer(kind, std::move(path), state, std::move(revision)));
  layer->errors_ = std::move(errors);
  if (document) layer->document_ = std::move(document);
  return layer;
}

std::size_t Layer::position(List list, const Entry& entry) const noexcept {
  return static_cast<std::size_t>(&entry - document_->list(list).entries.data());
}

}  // namespace cowork::admin_policy
