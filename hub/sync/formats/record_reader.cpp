#include "sync/formats/record_reader.h"

#include <algorithm>

#include "core/json.h"

namespace yimen::sync {

namespace {

std::string joined(const std::vector<std::string>& names) {
    std::string all;
    for (const auto& name : names) all += (all.empty() ? "\"" : ", \"") + name + "\"";
    return all;
}

}  // namespace

core::Error documentError(std::string_view document, std::uint64_t line, std::string_view what) {
    std::string message(document);
    if (line > 0) message += ", line " + std::to_string(line);
    return core::makeError(core::ErrorCode::kUpstream, message + ": " + std::string(what));
}

Reject formatReject(std::uint64_t origin, std::string message, std::string_view record) {
    constexpr std::size_t kMaxRaw = 64 * std::size_t{1024};
    core::Json raw;
    raw["_record"] = std::string(record.substr(0, kMaxRaw));
    return {origin, "format", "", std::move(message), core::writeJson(raw)};
}

core::Result<std::vector<std::size_t>> matchColumns(std::string_view document, const std::vector<std::string>& present,
                                                    const std::vector<std::string>& wanted, bool extra) {
    std::vector<std::size_t> numbers;
    std::vector<std::string> missing;
    std::vector<bool> used(present.size(), false);
    for (const auto& name : wanted) {
        const auto found = std::find(present.begin(), present.end(), name);
        if (found == present.end()) {
            missing.push_back(name);
            continue;
        }
        numbers.push_back(static_cast<std::size_t>(found - present.begin()));
        used[numbers.back()] = true;
    }
    std::vector<std::string> surplus;
    for (std::size_t i = 0; i < present.size() && !extra; ++i) {
        if (!used[i]) surplus.push_back(present[i]);
    }
    if (missing.empty() && surplus.empty()) return numbers;
    std::string what = "the columns are not the expected ones;";
    if (!missing.empty()) what += " missing: " + joined(missing) + ";";
    if (!surplus.empty()) what += " unknown: " + joined(surplus) + ";";
    return documentError(document, 0, what + " no row was taken: correct `columns` in data.yaml or ask the supplier");
}

}  // namespace yimen::sync
