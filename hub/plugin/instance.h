#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/yaml.h"
#include "core/result.h"
#include "core/secret.h"
#include "plugin/host_services.h"
#include "plugin/library.h"
#include "plugin/seam.h"

namespace yimen::plugin {

/// Opens a secret by its reference ("vault:qu-grid/service", "env:NAME", "file:PATH"). Any thread; may block.
using SecretSource = std::function<core::Result<core::Secret>(const std::string& reference)>;

/// What an instance is made of.
struct InstanceParts {
    /// The document's parts by the name of the schema's section: {"source", ...}, {"read", ...}.
    std::vector<std::pair<std::string, config::YamlNode>> config;
    SecretSource secrets;
    CancelFlag cancelled;  ///< may be null
};

/// One started instance of a plugin: create and start when it is made, stop and destroy when it dies. Readers and
/// writers share it, so that it outlives them. Thread-safe.
class Instance {
public:
    /// Checks the configuration, opens its secrets, creates and starts. Blocking.
    static core::Result<std::shared_ptr<Instance>> make(std::shared_ptr<const Library> library,
                                                        const InstanceParts& parts);
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;
    ~Instance();

    const std::string& name() const noexcept { return library_->name(); }
    const YimenPlugin& plugin() const noexcept { return library_->descriptor(); }
    void* handle() const noexcept { return handle_; }

    /// callPlugin() with the library's turn held.
    template <typename Body>
    core::Status call(std::string_view what, const Body& body) const {
        const auto turn = library_->turn();
        return callPlugin(library_->name(), what, body);
    }

private:
    Instance(std::shared_ptr<const Library> library, std::unique_ptr<HostServices> host)
        : library_(std::move(library)), host_(std::move(host)) {}
    core::Status create(const std::string& config);

    std::shared_ptr<const Library> library_;
    std::unique_ptr<HostServices> host_;
    void* handle_ = nullptr;
    bool created_ = false;
    bool started_ = false;
};

}  // namespace yimen::plugin
