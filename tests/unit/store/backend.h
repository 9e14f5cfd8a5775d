#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "store/sqlite/sqlite_stores.h"

namespace yimen::store::test {

/// A folder of its own that goes with the object.
class TempFolder {
public:
    TempFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "yimen-store-XXXXXX").string();
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        path_ = name;
    }
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    std::string file(const char* name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

/// One backend under test: opens the same data again as often as asked. PostgreSQL will be the second.
class SqliteBackend {
public:
    Stores open() {
        auto stores = sqlite::open({folder_.file("hub.db"), 4, 5000});
        EXPECT_TRUE(stores.ok()) << (stores.ok() ? "" : stores.error().describe());
        return std::move(stores).value();
    }

private:
    TempFolder folder_;
};

using Backends = ::testing::Types<SqliteBackend>;

template <typename Backend>
class StoreTest : public ::testing::Test {
protected:
    Stores reopened() {
        stores = {};
        return backend.open();
    }
    PersonRecord person(const std::string& key) {
        PersonRecord wanted;
        wanted.username = key;
        wanted.usernameKey = key;
        wanted.name = "张伟";
        wanted.phone = "13900000000";
        wanted.createdAt = core::fromUnixSeconds(1000);
        auto made = stores.people->create(wanted);
        EXPECT_TRUE(made.ok());
        return std::move(made).value();
    }
    OrganisationRecord organisation(const std::string& code, OrgKind kind, OrgId parent, Validity validity = {}) {
        auto made =
            stores.organisations->create({0, code, kind, code + "名", code + " name", validity, "", ""}, parent);
        EXPECT_TRUE(made.ok());
        return std::move(made).value();
    }

    Backend backend;
    Stores stores = backend.open();
};

/// Runs `work(index)` on that many threads at once.
template <typename Work>
void together(int threads, Work work) {
    std::atomic<bool> go{false};
    std::vector<std::thread> running;
    for (int i = 0; i < threads; ++i) {
        running.emplace_back([&, i] {
            while (!go.load()) std::this_thread::yield();
            work(i);
        });
    }
    go = true;
    for (std::thread& thread : running) thread.join();
}

}  // namespace yimen::store::test
