#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/result.h"

namespace yimen::main {

/// Arguments of one sub-command: "--name value", "--flag" and the rest in order.
class Arguments {
public:
    /// `options` take a value, `flags` do not; anything else that begins with "--" is an error that names it.
    static core::Result<Arguments> parse(const std::vector<std::string>& words, const std::vector<std::string>& options,
                                         const std::vector<std::string>& flags);
    std::string option(const std::string& name, const std::string& otherwise = {}) const;
    bool flag(const std::string& name) const;
    const std::vector<std::string>& rest() const noexcept { return rest_; }

private:
    std::map<std::string, std::string> options_;
    std::vector<std::string> rest_;
};

/// One sub-command of `yimen`. Returns the exit status; prints for people.
struct Command {
    const char* name;
    const char* usage;
    const char* what;
    int (*run)(const std::vector<std::string>& words);
};

int runServe(const std::vector<std::string>& words);
int runCheck(const std::vector<std::string>& words);
int runImport(const std::vector<std::string>& words);
int runLink(const std::vector<std::string>& words);
int runPolicy(const std::vector<std::string>& words);
int runAdapter(const std::vector<std::string>& words);
int runAudit(const std::vector<std::string>& words);
int runItem(const std::vector<std::string>& words);
int runChecks(const std::vector<std::string>& words);
int runSync(const std::vector<std::string>& words);
int runPlugin(const std::vector<std::string>& words);

/// Prints "error: ..." and returns 1; usage mistakes return 2.
int failed(const core::Error& error);
int misused(const core::Error& error, const char* usage);

/// yimen.yaml beside the working directory unless --config says otherwise.
inline constexpr const char* kDefaultConfig = "yimen.yaml";

}  // namespace yimen::main
