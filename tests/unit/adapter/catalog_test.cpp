#include "adapter/catalog.h"
#include "support/repository.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace yimen::adapter {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class CatalogFolder : public testing::Test {
protected:
    void SetUp() override {
        char name[] = "/tmp/yimen-catalog-XXXXXX";
        ASSERT_NE(mkdtemp(name), nullptr);
        folder_ = name;
        options_.folder = folder_;
        options_.clock = &clock_;
        for (const char* id : {"qu-tourism", "nat-salvation"}) {
            fs::copy(fs::path(yimen::test::repository()) / "adapters" / id, fs::path(folder_) / id,
                     fs::copy_options::recursive);
            options_.systems[id].origins = {core::Url::parse("http://127.0.0.1:9").value()};
        }
    }
    void TearDown() override { fs::remove_all(folder_); }

    void append(const std::string& file, const std::string& text) {
        std::ofstream(fs::path(folder_) / file, std::ios::app) << text;
    }
    std::shared_ptr<const Catalog> load() {
        auto catalog = Catalog::load(options_);
        EXPECT_TRUE(catalog.ok());
        return catalog.ok() ? *catalog : nullptr;
    }

    core::ManualClock clock_;
    std::string folder_;
    CatalogOptions options_;
};

TEST_F(CatalogFolder, LoadsEveryFolder) {
    const auto catalog = load();
    EXPECT_EQ(catalog->systems().size(), 2U);
    EXPECT_TRUE(catalog->refused().empty());
    EXPECT_NE(catalog->find("qu-tourism"), nullptr);
    EXPECT_EQ(catalog->find("qu-nothing"), nullptr);
}

TEST_F(CatalogFolder, KeepsTheOthersWhenOneIsRefused) {
    append("qu-tourism/adapter.yaml", "surprise: 1\n");
    const auto catalog = load();
    EXPECT_EQ(catalog->systems().size(), 1U);
    ASSERT_EQ(catalog->refused().size(), 1U);
    EXPECT_EQ(catalog->refused()[0].id, "qu-tourism");
    EXPECT_THAT(catalog->refused()[0].error.message, HasSubstr("surprise"));
}

TEST_F(CatalogFolder, RefusesBrokenScripts) {
    append("nat-salvation/login.lua", "\nthis is not lua");
    const auto catalog = load();
    ASSERT_EQ(catalog->refused().size(), 1U);
    EXPECT_THAT(catalog->refused()[0].error.message, HasSubstr("nat-salvation/login.lua:"));
}

TEST_F(CatalogFolder, KeepsWhatDidNotChangeAsTheSameObject) {
    const auto before = load();
    const auto same = *Catalog::reload(*before, options_);
    EXPECT_EQ(same->find("qu-tourism"), before->find("qu-tourism")) << "who is signed on there stays so";
    append("nat-salvation/login.lua", "\n-- a remark\n");
    const auto changed = *Catalog::reload(*same, options_);
    EXPECT_EQ(changed->find("qu-tourism"), before->find("qu-tourism"));
    EXPECT_NE(changed->find("nat-salvation"), before->find("nat-salvation"));
    options_.systems["qu-tourism"].origins = {core::Url::parse("http://127.0.0.1:8").value()};
    EXPECT_NE((*Catalog::reload(*changed, options_))->find("qu-tourism"), before->find("qu-tourism"));
}

TEST_F(CatalogFolder, KeepsTheOldOneOnAFailedReload) {
    const auto before = load();
    append("qu-tourism/adapter.yaml", "surprise: 1\n");
    const auto after = Catalog::reload(*before, options_);
    ASSERT_TRUE(after.ok());
    EXPECT_EQ((*after)->find("qu-tourism"), before->find("qu-tourism"));
    EXPECT_EQ((*after)->find("nat-salvation"), before->find("nat-salvation"));
    EXPECT_EQ((*after)->refused().size(), 1U);
    EXPECT_FALSE(Catalog::reloadOne(*before, options_, "qu-tourism").ok());
}

TEST_F(CatalogFolder, ReloadsOneAndLeavesTheOthers) {
    const auto before = load();
    const auto after = Catalog::reloadOne(*before, options_, "qu-tourism");
    ASSERT_TRUE(after.ok());
    EXPECT_NE((*after)->find("qu-tourism"), before->find("qu-tourism"));
    EXPECT_EQ((*after)->find("nat-salvation"), before->find("nat-salvation"));
    for (const char* id : {"", "..", ".", "../x", "qu-nothing"})
        EXPECT_FALSE(Catalog::reloadOne(*before, options_, id).ok()) << id;
}

TEST_F(CatalogFolder, TakesUpANewFolderAndDropsALostOne) {
    const auto before = load();
    fs::copy(fs::path(yimen::test::repository()) / "adapters/qu-oa", fs::path(folder_) / "qu-oa",
             fs::copy_options::recursive);
    fs::remove_all(fs::path(folder_) / "qu-tourism");
    options_.systems["qu-oa"].origins = {core::Url::parse("http://127.0.0.1:9").value()};
    const auto after = Catalog::reload(*before, options_);
    ASSERT_TRUE(after.ok());
    EXPECT_NE((*after)->find("qu-oa"), nullptr);
    EXPECT_EQ((*after)->find("qu-tourism"), nullptr);
}

TEST_F(CatalogFolder, LeavesDisabledSystemsOut) {
    options_.systems["qu-tourism"].enabled = false;
    const auto catalog = load();
    EXPECT_EQ(catalog->find("qu-tourism"), nullptr);
    EXPECT_TRUE(catalog->refused().empty());
}

TEST_F(CatalogFolder, WantsAServerForEachSystem) {
    options_.systems.clear();
    const auto catalog = load();
    EXPECT_EQ(catalog->refused().size(), 2U);
    EXPECT_THAT(catalog->refused()[0].error.message, HasSubstr("origins"));
}

TEST_F(CatalogFolder, SaysWhenTheFolderIsNotThere) {
    options_.folder = folder_ + "/none";
    EXPECT_FALSE(Catalog::load(options_).ok());
}

}  // namespace
}  // namespace yimen::adapter
