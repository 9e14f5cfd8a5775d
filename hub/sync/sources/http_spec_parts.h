#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sync/sources/http_spec.h"

namespace yimen::sync {

/// Pieces of a data.yaml that several parts of an HttpSpec are made of; faults are noted in the map's errors.
/// For the files that make HttpSpec.

/// Names that a text may ask for besides those of every request.
using MoreNames = std::span<const std::string_view>;

core::Secret readSecret(config::MapReader& map, std::string_view key, const SecretLookup& secrets);
/// A member, or {header: NAME}; empty when the key is not there.
HttpValueAt readAt(config::MapReader& map, std::string_view key);
/// Notes what is wrong with a text that has places to fill.
void checkText(const config::YamlNode& node, const std::string& text, MoreNames more, config::YamlErrors& errors);
std::vector<std::pair<std::string, std::string>> readPairs(config::MapReader& map, std::string_view key,
                                                           MoreNames more);
HttpRequestSpec readRequest(const config::YamlNode& node, config::YamlErrors& errors, MoreNames more);
/// `auth`, with what it needs: HttpSpec::auth and HttpSpec::token.
void readAuth(const config::YamlNode& node, HttpSpec& spec, config::YamlErrors& errors, const SecretLookup& secrets);
HttpSigning readSigning(const config::YamlNode& node, config::YamlErrors& errors, const SecretLookup& secrets);

}  // namespace yimen::sync
