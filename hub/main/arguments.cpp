#include <algorithm>
#include <cstdio>

#include "main/commands.h"

namespace yimen::main {

namespace {

constexpr char kSet = '1';  // gcc 12 misreads an assignment of a literal here (-Wrestrict)

bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

core::Result<Arguments> Arguments::parse(const std::vector<std::string>& words, const std::vector<std::string>& options,
                                         const std::vector<std::string>& flags) {
    Arguments parsed;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        if (!word.starts_with("--")) {
            parsed.rest_.push_back(word);
        } else if (const std::string name = word.substr(2); contains(flags, name)) {
            parsed.options_.insert_or_assign(name, std::string(1, kSet));
        } else if (!contains(options, name)) {
            return core::makeError(core::ErrorCode::kInvalidInput, std::string("unknown option ").append(word));
        } else if (i + 1 == words.size()) {
            return core::makeError(core::ErrorCode::kInvalidInput, word + " needs a value");
        } else {
            parsed.options_[name] = words[++i];
        }
    }
    return parsed;
}

std::string Arguments::option(const std::string& name, const std::string& otherwise) const {
    const auto found = options_.find(name);
    return found == options_.end() ? otherwise : found->second;
}

bool Arguments::flag(const std::string& name) const {
    return options_.contains(name);
}

int failed(const core::Error& error) {
    std::fprintf(stderr, "error: %s\n", error.message.c_str());
    if (!error.detail.empty()) std::fprintf(stderr, "       (%s)\n", error.detail.c_str());
    return 1;
}

int misused(const core::Error& error, const char* usage) {
    std::fprintf(stderr, "error: %s\nusage: yimen %s\n", error.message.c_str(), usage);
    return 2;
}

}  // namespace yimen::main
