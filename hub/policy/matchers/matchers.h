#pragma once

#include "policy/condition_reader.h"

namespace yimen::policy::matchers {

/// One reader per kind of condition, each in a file of its own with the condition it makes. They note errors in the
/// context and then return null. Start-up and reload only.

/// person: wangmin | [wangmin, ligong]
ConditionPtr readPerson(const config::YamlNode& node, ReadContext& context);
/// role: clerk | [clerk, leader]. Held in person or through any post.
ConditionPtr readRole(const config::YamlNode& node, ReadContext& context);
/// org: housing | [housing, airport-street]. Any post in the unit or anywhere below it.
ConditionPtr readOrg(const config::YamlNode& node, ReadContext& context);
/// post: {org: ..., role: ..., title: ..., acting: true}. All of it about one and the same post.
ConditionPtr readPost(const config::YamlNode& node, ReadContext& context);
/// network: office | [office, mobile]. Names of `zones`.
ConditionPtr readNetwork(const config::YamlNode& node, ReadContext& context);
/// time: {days: [mon, tue], from: "08:30", to: "17:30"}. `to` is not included; from > to goes past midnight.
ConditionPtr readTime(const config::YamlNode& node, ReadContext& context);
/// assurance: 2. At least.
ConditionPtr readAssurance(const config::YamlNode& node, ReadContext& context);
/// method: GET | [GET, HEAD]
ConditionPtr readMethod(const config::YamlNode& node, ReadContext& context);
/// path: /admin | [/admin, /report/*/export]. Without '*': that path and all below it.
ConditionPtr readPath(const config::YamlNode& node, ReadContext& context);
/// lua: the body of a function(subject, request) that returns true or false.
ConditionPtr readLua(const config::YamlNode& node, ReadContext& context);

}  // namespace yimen::policy::matchers
