#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "core/result.h"
#include "plugin/config_schema.h"
#include "plugin/include/yimen_plugin.h"

namespace yimen::plugin {

/// A plugin library that is open: its descriptor has been checked. Never unloaded (the linker forgets nothing that
/// other code may still hold). Thread-safe.
class Library {
public:
    /// Looks at the file, compares its digest, tries it in a process of its own, opens it with its symbols kept to
    /// itself (Poco's SHLIB_LOCAL), checks the descriptor. `path` is absolute and names NAME.so. Blocking; start-up.
    static core::Result<std::shared_ptr<const Library>> open(const std::string& path, const std::string& sha256);

    const std::string& name() const noexcept { return name_; }
    const std::string& version() const noexcept { return version_; }
    const std::string& kind() const noexcept { return kind_; }
    const ConfigSchema& schema() const noexcept { return schema_; }
    const YimenPlugin& descriptor() const noexcept { return *descriptor_; }
    bool threadSafe() const noexcept { return descriptor_->thread_safe == 1; }

    /// Held during each call into the library. Locks nothing for a library that says it is thread-safe.
    std::unique_lock<std::mutex> turn() const;

private:
    explicit Library(const YimenPlugin* descriptor) : descriptor_(descriptor) {}
    friend core::Result<std::shared_ptr<const Library>> adoptDescriptor(const YimenPlugin*, const std::string&);

    const YimenPlugin* descriptor_;
    std::string name_;
    std::string version_;
    std::string kind_;
    ConfigSchema schema_;
    mutable std::mutex mutex_;
};

/// Checks a descriptor: interface version, sizes, name, kind, functions, schema. Apart from open() so that it can be
/// tested without a file.
core::Result<std::shared_ptr<const Library>> adoptDescriptor(const YimenPlugin* descriptor, const std::string& name);

}  // namespace yimen::plugin
