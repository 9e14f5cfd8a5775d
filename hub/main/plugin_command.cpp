#include <cstdio>
#include <filesystem>
#include <string_view>

#include "config/loader.h"
#include "core/file.h"
#include "core/log.h"
#include "main/commands.h"
#include "main/plugin_template.h"
#include "plugin/registry.h"

namespace yimen::main {

namespace {

constexpr const char* kUsage = "plugin list [--config FILE] | plugin new NAME [--folder FOLDER]";

core::Error wrong(std::string what) {
    return core::makeError(core::ErrorCode::kInvalidInput, std::move(what));
}

int list(const std::string& file) {
    const auto config = config::loadConfig(file);
    if (!config.ok()) return failed(config.error());
    const auto& plugins = (*config)->plugins;
    if (plugins.dir.empty()) {
        std::printf("没有设置 plugins.dir / no plugins: plugins.dir is empty in %s\n", file.c_str());
        return 0;
    }
    core::setLogLevel(core::LogLevel::kError);
    const auto registry = plugin::Registry::open(plugins);
    bool good = true;
    std::printf("%-16s %-10s %-8s %-12s %s\n", "NAME", "VERSION", "KIND", "STATE", "SHA256");
    for (const auto& one : registry.list()) {
        std::printf("%-16s %-10s %-8s %-12s %s\n", one.name.c_str(), one.version.empty() ? "-" : one.version.c_str(),
                    one.kind.empty() ? "-" : one.kind.c_str(), plugin::toString(one.state),
                    one.sha256.empty() ? "-" : one.sha256.c_str());
        if (!one.reason.empty()) std::printf("    %s\n", one.reason.c_str());
        good = good && one.state != plugin::PluginState::State::kRefused;
    }
    return good ? 0 : 1;
}

std::string withName(std::string_view text, const std::string& name) {
    constexpr std::string_view kPlace = "@NAME@";
    std::string out;
    while (!text.empty()) {
        const std::size_t at = text.find(kPlace);
        out += text.substr(0, at);
        if (at == std::string_view::npos) break;
        out += name;
        text.remove_prefix(at + kPlace.size());
    }
    return out;
}

core::Status write(const std::string& folder, const std::string& name) {
    std::error_code error;
    if (std::filesystem::exists(folder, error)) {
        return core::makeError(core::ErrorCode::kConflict, "已存在 / '" + folder + "' is there already");
    }
    for (const auto& file : kPluginTemplate) {
        const std::string path = folder + "/" + std::string(file.path);
        std::filesystem::create_directories(core::parentDirectory(path), error);
        if (error) return core::fileError("create", core::parentDirectory(path), error.value());
        YIMEN_TRY_STATUS(core::replaceFile(path, withName(file.text, name), 0644));
    }
    return {};
}

int make(const std::string& name, const std::string& folder) {
    const bool good = !name.empty() && name.size() <= 63 && name.front() >= 'a' && name.front() <= 'z' &&
                      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
    if (!good) return misused(wrong("a plugin's name is lower-case letters, digits and '-', a letter first"), kUsage);
    if (const auto written = write(folder, name); !written.ok()) return failed(written.error());
    std::printf("%s\n  cd %s && cmake -B build && cmake --build build && ctest --test-dir build\n", folder.c_str(),
                folder.c_str());
    return 0;
}

}  // namespace

int runPlugin(const std::vector<std::string>& words) {
    const auto arguments = Arguments::parse(words, {"config", "folder"}, {});
    if (!arguments.ok()) return misused(arguments.error(), kUsage);
    const auto& rest = arguments->rest();
    if (rest.size() == 1 && rest[0] == "list") return list(arguments->option("config", kDefaultConfig));
    if (rest.size() == 2 && rest[0] == "new") return make(rest[1], arguments->option("folder", rest[1]));
    return misused(wrong("these words do not fit"), kUsage);
}

}  // namespace yimen::main
