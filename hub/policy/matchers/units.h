#pragma once

#include "policy/condition_reader.h"

namespace yimen::policy::matchers {

/// Units that a rule names: resolved from short names when the rule is read.
using Units = std::vector<Unit>;

/// Notes an error for a short name that `units` does not define.
Units readUnits(const config::YamlNode& node, ReadContext& context);

/// True when the post is in one of the units or anywhere below it.
bool isUnder(const Post& post, const Units& units) noexcept;
/// Where the person has posts, for `have`: "住建局 科员、机场街道 包联干部".
Wording postsWording(const Subject& subject);
/// The appointment that would put the person into `unit`.
Change appointment(const Unit& unit, const std::string& title, const std::vector<std::string>& roles);

}  // namespace yimen::policy::matchers
