#pragma once

#include "config/yaml.h"
#include "policy/rule.h"

namespace yimen::policy {

/// Reads the members of one file that are not rules: time_zone, zones, units, roles, administrators,
/// exceptions_granted_by, exceptions. Members of several files add up; a name given twice is an error.
void readSite(config::MapReader& file, RuleSet& site);

/// A text for both languages, or {zh: ..., en: ...}.
Wording readWording(const config::YamlNode& node, config::YamlErrors& errors);

}  // namespace yimen::policy
