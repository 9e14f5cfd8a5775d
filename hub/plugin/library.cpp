#include "plugin/library.h"

#include <Poco/Exception.h>
#include <Poco/SharedLibrary.h>

#include <bit>
#include <cstddef>
#include <map>
#include <mutex>
#include <string_view>

#include "core/unicode.h"
#include "plugin/library_file.h"
#include "plugin/seam.h"

namespace yimen::plugin {

namespace {

using core::ErrorCode;

constexpr std::size_t kMaxName = 63;
constexpr std::size_t kMaxVersion = 64;

core::Error refused(std::string why) {
    return core::makeError(ErrorCode::kDenied, std::move(why));
}

bool isName(std::string_view text) {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
    return !text.empty() && text.size() <= kMaxName && kLetters.find(text.front()) != std::string_view::npos &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

/// A text of the descriptor that can be shown.
bool isShowable(YimenText text, std::size_t most) {
    return text.data != nullptr && text.length > 0 && text.length <= most && core::isValidUtf8(fromPlugin(text)) &&
           fromPlugin(text).find('\n') == std::string_view::npos;
}

/// The first version's structs are complete up to their last member; what follows is growth.
core::Status checkSizes(const YimenPlugin& plugin) {
    if (plugin.size < sizeof(YimenPlugin)) return refused("结构大小不符 / size mismatch: YimenPlugin");
    if (plugin.source != nullptr && plugin.source->size < sizeof(YimenSource)) {
        return refused("结构大小不符 / size mismatch: YimenSource");
    }
    if (plugin.sink != nullptr && plugin.sink->size < sizeof(YimenSink)) {
        return refused("结构大小不符 / size mismatch: YimenSink");
    }
    return {};
}

core::Status checkKind(const YimenPlugin& plugin) {
    const std::string_view kind = fromPlugin(plugin.kind);
    if (kind != "source" && kind != "sink") return refused("不认识的种类 / unknown kind: source or sink is expected");
    if ((plugin.source != nullptr) != (kind == "source") || (plugin.sink != nullptr) != (kind == "sink")) {
        return refused("种类与函数表不符 / the function table does not fit the kind");
    }
    if (const YimenSource* source = plugin.source; source != nullptr) {
        if (source->describe == nullptr || source->partitions == nullptr || source->open == nullptr ||
            source->read == nullptr || source->close == nullptr) {
            return refused("函数表不全 / a function of the source is missing");
        }
    }
    if (const YimenSink* sink = plugin.sink; sink != nullptr) {
        if (sink->begin == nullptr || sink->write == nullptr || sink->commit == nullptr || sink->close == nullptr) {
            return refused("函数表不全 / a function of the sink is missing");
        }
    }
    return {};
}

core::Status checkDescriptor(const YimenPlugin* plugin, const std::string& name) {
    if (plugin == nullptr) return refused("没有插件描述 / " YIMEN_PLUGIN_SYMBOL " gave nothing");
    // The version first: nothing else can be read before it is known to be ours.
    if (plugin->size < offsetof(YimenPlugin, name)) return refused("结构大小不符 / size mismatch: YimenPlugin");
    if (plugin->abi != YIMEN_PLUGIN_ABI) {
        return refused("接口版本不符 / interface version " + std::to_string(plugin->abi) + ", the hub has " +
                       std::to_string(YIMEN_PLUGIN_ABI) + ": build it against this hub's yimen_plugin.h");
    }
    YIMEN_TRY_STATUS(checkSizes(*plugin));
    if (fromPlugin(plugin->name) != name) {
        return refused("名称与文件名不符 / the plugin's name does not fit its file " + name + ".so");
    }
    if (!isShowable(plugin->version, kMaxVersion)) return refused("版本号无效 / the version is no readable text");
    if (plugin->thread_safe > 1) return refused("thread_safe 只能是 0 或 1 / thread_safe must be 0 or 1");
    YIMEN_TRY_STATUS(checkKind(*plugin));
    if (plugin->create == nullptr || plugin->destroy == nullptr ||
        (plugin->start == nullptr) != (plugin->stop == nullptr)) {
        return refused("函数表不全 / create, destroy or one of start and stop is missing");
    }
    return {};
}

/// The dynamic loader knows libraries by their path: a file that was exchanged after it was opened would pass for what
/// it is now while the old code runs on.
core::Status noteDigest(const std::string& path, const std::string& sha256) {
    static std::mutex mutex;
    static std::map<std::string, std::string> known;
    const std::lock_guard lock(mutex);
    if (known.emplace(path, sha256).first->second == sha256) return {};
    return refused("文件已更换，重启后生效 / the file was exchanged: restart the hub to load it");
}

core::Result<const YimenPlugin*> entryOf(const std::string& path) {
    try {
        // Its destructor does not unload; nothing ever does.
        Poco::SharedLibrary library(path, Poco::SharedLibrary::SHLIB_LOCAL);
        void* symbol = library.getSymbol(YIMEN_PLUGIN_SYMBOL);
        const YimenPlugin* found = nullptr;
        YIMEN_TRY_STATUS(callPlugin(path, YIMEN_PLUGIN_SYMBOL, [&](YimenError*) {
            found = std::bit_cast<YimenPluginEntry>(symbol)();
            return YIMEN_OK;
        }));
        return found;
    } catch (const Poco::Exception& error) {
        return refused("无法加载 / cannot be loaded: " + error.displayText());
    }
}

}  // namespace

std::unique_lock<std::mutex> Library::turn() const {
    return threadSafe() ? std::unique_lock<std::mutex>() : std::unique_lock<std::mutex>(mutex_);
}

core::Result<std::shared_ptr<const Library>> adoptDescriptor(const YimenPlugin* descriptor, const std::string& name) {
    if (!isName(name)) return refused("插件名无效 / a plugin's name is lower-case letters, digits and '-'");
    YIMEN_TRY_STATUS(checkDescriptor(descriptor, name));
    auto schema = ConfigSchema::parse(fromPlugin(descriptor->config_schema));
    if (!schema.ok()) return refused("配置模式无效 / its configuration schema is wrong: " + schema.error().message);
    struct Access : Library {
        explicit Access(const YimenPlugin* plugin) : Library(plugin) {}
    };
    std::shared_ptr<Library> library(std::make_shared<Access>(descriptor));
    library->name_ = name;
    library->version_ = std::string(fromPlugin(descriptor->version));
    library->kind_ = std::string(fromPlugin(descriptor->kind));
    library->schema_ = std::move(*schema);
    return std::shared_ptr<const Library>(std::move(library));
}

core::Result<std::shared_ptr<const Library>> Library::open(const std::string& path, const std::string& sha256) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos || path.front() != '/' || !path.ends_with(".so")) {
        return refused("须为绝对路径且以 .so 结尾 / an absolute path that ends in .so is expected");
    }
    YIMEN_TRY_STATUS(checkPluginFolder(path.substr(0, slash)));
    YIMEN_TRY(const std::string found, checkLibraryFile(path));
    if (found != sha256) {
        return refused("文件摘要与 plugins.allow 不符 / its sha256 is " + found + ", plugins.allow says " + sha256);
    }
    YIMEN_TRY_STATUS(probeLibrary(path));
    YIMEN_TRY_STATUS(noteDigest(path, sha256));
    YIMEN_TRY(const YimenPlugin* descriptor, entryOf(path));
    return adoptDescriptor(descriptor, path.substr(slash + 1, path.size() - slash - 4));
}

}  // namespace yimen::plugin
