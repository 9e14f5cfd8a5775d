#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "config/yaml.h"
#include "core/bytes.h"
#include "core/file.h"
#include "crypto/digest.h"
#include "plugin/library.h"
#include "plugin/plugin_source.h"

namespace yimen::plugin {

/// A folder of plugins of its own for each test.
class PluginFolder : public ::testing::Test {
protected:
    PluginFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "yimen-plugin-XXXXXX").string();
        dir_ = ::mkdtemp(pattern.data());
    }
    ~PluginFolder() override { std::filesystem::remove_all(dir_); }

    /// Copies a library of tests/plugins and gives its path here.
    std::string put(const std::string& built, const std::string& name) {
        const std::string path = dir_ + "/" + name + ".so";
        // A file that is open as a library must never be written over, only replaced.
        std::filesystem::remove(path);
        std::filesystem::copy_file(std::string(YIMEN_TEST_PLUGINS) + "/" + built + ".so", path);
        EXPECT_EQ(::chmod(path.c_str(), 0644), 0);
        return path;
    }
    static std::string digestOf(const std::string& path) {
        const auto bytes = core::readFile(path, std::size_t{64} << 20U);
        return core::toHex(crypto::digest(crypto::DigestAlgorithm::kSha256, core::asBytes(*bytes)));
    }
    core::Result<std::shared_ptr<const Library>> open(const std::string& built, const std::string& name) {
        const std::string path = put(built, name);
        return Library::open(path, digestOf(path));
    }
    std::shared_ptr<const Library> library(const std::string& name) {
        auto opened = open(name, name);
        EXPECT_TRUE(opened.ok()) << opened.error().describe();
        return opened.ok() ? *opened : nullptr;
    }

    /// What is said when a faulty library is opened under the name "refused", in a folder of its own.
    std::string refusal(const std::string& fault) {
        std::filesystem::create_directory(dir_ + "/" + fault);
        const std::string path = put("refused_" + fault, fault + "/refused");
        const auto opened = Library::open(path, digestOf(path));
        return opened.ok() ? "opened" : opened.error().message;
    }

    std::string dir_;
};

/// The parts of a document with the sections "source" and "read" (or "sink").
inline InstanceParts partsOf(const std::string& yaml) {
    InstanceParts parts;
    const auto document = config::YamlDocument::parse(yaml, "data.yaml");
    EXPECT_TRUE(document.ok()) << document.error().describe();
    for (const auto& [name, node] : document->root().entries()) parts.config.emplace_back(name, node);
    parts.secrets = [](const std::string& reference) -> core::Result<core::Secret> {
        if (reference == "vault:known") return core::Secret("open sesame");
        return core::makeError(core::ErrorCode::kNotFound, "no secret " + reference);
    };
    return parts;
}

/// Reads everything of the first partition; the cells of a row joined with "|".
inline core::Result<std::vector<std::string>> readAll(sync::Source& source, sync::Position from = {}) {
    YIMEN_TRY(const auto fields, source.describe());
    YIMEN_TRY(const auto parts, source.partitions(sync::ReadMode::kFull));
    YIMEN_TRY(const auto reader, source.open(parts.front(), sync::ReadMode::kFull, std::move(from)));
    std::vector<std::string> out;
    sync::Batch batch;
    for (bool end = false; !end;) {
        batch.reset(fields.size());
        YIMEN_TRY(const auto state, reader->read(batch));
        end = state.end;
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            std::string line;
            for (std::size_t column = 0; column < fields.size(); ++column) {
                line += (column > 0 ? "|" : "") +
                        (batch.isNull(row, column) ? std::string("null") : std::string(batch.text(row, column)));
            }
            out.push_back(std::move(line));
        }
    }
    return out;
}

}  // namespace yimen::plugin
