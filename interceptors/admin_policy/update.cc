#include "update.h"

#include "cowork/base/sha256.h"
#include "cowork/base/text.h"
#include "effective_document.h"
#include "parser.h"
#include "patch_filter.h"
#include "refusals.h"

namespace cowork::admin_policy {
namespace {

constexpr std::string_view candidate_file = "<candidate>";

std::vector<std::shared_ptr<const Layer>> layers_above(const EffectivePolicy& policy, LayerKind kind) {
  std::vector<std::shared_ptr<const Layer>> above;
  for (const auto& layer : policy.layers)
    if (layer->kind() < kind) above.push_back(layer);
  return above;
}

std::string started_from(std::string_view layer, std::string_view start) {
  json::Value options;
  options.set("startFrom", start);
  if (layer != "user") options.set("layer", layer);
  const json::Value parameters = json::Value::array({json::Value(json::Object{}), options});
  return "cowork call admin:policiesUpdate " + shell_word(json::to_text(parameters));
}

Verdict deny_unavailable(const Layer& layer, std::string message, std::string remedy) {
  Error error = unavailable(layer, std::move(message)).with_remedy(std::move(remedy));
  return Verdict::deny(std::move(error), "policy-unavailable", rule_of_fault(layer));
}

/// A layer above that is broken can't say what it locks; an invalid file needs to be told what to start from.
Verdict judge_states(const EffectivePolicy& policy, const UpdatePolicies& request) {
  const LayerKind kind = layer_kind(request.layer);
  const Layer* target = policy.layer(kind);
  for (const auto& layer : layers_above(policy, kind))
    if (layer->is_broken())
      return deny_unavailable(*layer, "The " + request.layer + " policy can't be changed while a higher one is broken",
                              "cowork policy validate");
  if (!target || target->errors().empty() || !request.start_from.empty()) return Verdict::no_opinion();
  return deny_unavailable(*target,
                          "The " + request.layer + " policy is invalid: an update has to say what it starts from",
                          started_from(request.layer, target->is_broken() ? "defaults" : "last-good"));
}

/// The layer as it is before the patch: what the file says, or what `startFrom` names.
Result<std::shared_ptr<const Layer>> starting_layer(const Layer& target, std::string_view start_from) {
  if (start_from == "last-good" && target.is_broken())
    return fail(Error::not_found("the " + std::string(target.name()) + " policy has no last good content to start from")
                    .with_remedy(started_from(target.name(), "defaults")));
  if (start_from != "defaults" && target.document())
    return Layer::valid(target.kind(), target.path(), {}, target.document_ptr());
  COWORK_ASSIGN(PlannedUpdate empty, layer_from(json::Value(json::Object{}), target.kind(), target.path()));
  return std::move(empty.layer);
}

/// What of the request's patch is to be written onto `start`, or why it may not be.
tl::expected<json::Value, Verdict> filtered(const EffectivePolicy& policy, const Catalog& catalog,
                                            const UpdatePolicies& request, const std::shared_ptr<const Layer>& start) {
  auto layers = layers_above(policy, start->kind());
  const auto above = merge(layers);
  layers.push_back(start);
  const EffectiveDocument shown = describe(*merge(std::move(layers)), catalog, 0);
  return PatchFilter(*above, *start, shown.json, catalog).filter(request.updates);
}

/// `patch` onto the layer's document; a new one begins with its version. An `updatedAt` of the wrong type stays, so
/// that validation refuses it.
json::Value patched(const Layer& start, const json::Value& patch, std::int64_t now_ms) {
  json::Value document = start.document()->json();
  if (document.as_object()->empty()) document = json::Value::object({{"version", 1}, {"updatedAt", ""}});
  document = json::merge_patch(std::move(document), patch);
  const json::Value* stated = document.find("updatedAt");
  if (!stated || stated->is_string()) document.set("updatedAt", utc_timestamp(now_ms));
  return document;
}

}  // namespace

LayerKind layer_kind(std::string_view name) noexcept {
  return name == "machine" ? LayerKind::machine : LayerKind::user;
}

Verdict judge_update(const EffectivePolicy& policy, const Catalog& catalog, const UpdatePolicies& request) {
  if (Verdict verdict = judge_states(policy, request); verdict.denied()) return verdict;
  const Layer* target = policy.layer(layer_kind(request.layer));
  // What can't be started from is the handler's to refuse: it is no matter of policy.
  const auto start = target ? starting_layer(*target, request.start_from) : fail(Error::internal(""));
  if (!start) return Verdict::no_opinion();
  const auto patch = filtered(policy, catalog, request, *start);
  return patch ? Verdict::no_opinion() : patch.error();
}

Result<PlannedUpdate> plan_update(const EffectivePolicy& policy, const Catalog& catalog, const UpdatePolicies& request,
                                  std::int64_t now_ms) {
  const Layer* target = policy.layer(layer_kind(request.layer));
  if (!target) return fail(Error::invalid_argument("this host has no " + request.layer + " layer"));
  if (const Verdict verdict = judge_states(policy, request); verdict.denied()) return fail(*verdict.error());
  if (!request.if_revision.empty() && request.if_revision != target->revision())
    return fail(Error::conflict("the " + request.layer + " policy has changed: its revision is " + target->revision() +
                                ", not " + printable(request.if_revision))
                    .with_why(printable(target->path()) + " is newer than what this update was made for")
                    .with_remedy("cowork call admin:policiesStatus"));
  COWORK_ASSIGN(const auto start, starting_layer(*target, request.start_from));
  const auto patch = filtered(policy, catalog, request, start);
  if (!patch) return fail(*patch.error().error());
  return layer_from(patched(*start, *patch, now_ms), target->kind(), target->path());
}

std::shared_ptr<const EffectivePolicy> with_layer(const EffectivePolicy& policy, std::shared_ptr<const Layer> layer) {
  auto layers = policy.layers;
  for (auto& existing : layers)
    if (existing->kind() == layer->kind()) existing = layer;
  return merge(std::move(layers));
}

Result<PlannedUpdate> layer_from(const json::Value& document, LayerKind kind, const std::string& path) {
  std::string text = json::to_pretty_text(document);
  auto parsed = parse_policy(text, candidate_file);
  if (!parsed) {
    Error error = std::move(parsed.error().front());
    std::string why = "in the policy as it would be written";
    if (error.place()) why += ", " + error.place()->to_string();
    return fail(std::move(error).with_why(std::move(why)).with_remedy("cowork policy show"));
  }
  parsed->file = path;
  const std::string revision = sha256_hex(text).substr(0, 16);
  auto shared = std::make_shared<const PolicyDocument>(std::move(*parsed));
  return PlannedUpdate{Layer::valid(kind, path, revision, std::move(shared)), std::move(text)};
}

}  // namespace cowork::admin_policy
