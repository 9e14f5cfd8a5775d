#pragma once

#include "core/time_format.h"
#include "identity/import.h"
#include "unit/identity/fixture.h"

namespace yimen::identity {

inline const char* const kOrganisations =
    "code,parent,kind,name,name_en,valid_from,valid_to\n"
    "G1,C1,grid,第一网格,Grid 1,2024-01-01,\n"  // before its parent, on purpose
    "C1,S1,community,社区,Community,2024-01-01,\n"
    "S1,D,street,街道,Street,2024-01-01,\n"
    "S2,D,street,西街道,West Street,2024-01-01,\n"
    "D,,district,滨海新城区,Binhai,2024-01-01,\n";
inline const char* const kPeople =
    "username,name,phone,password\n"
    "wangmin,王敏,19900000001,Kelch-7mond\n"
    "ligong,李工,19900000002,\n";
inline const char* const kPosts =
    "username,org,title,roles,valid_from,valid_to\n"
    "wangmin,S1,科员,clerk,2024-01-01,\n"
    "WANGMIN,G1,网格员,grid_worker;clerk,2024-01-01,2030-12-31\n"
    "ligong,D,系统管理员,system_admin,2024-01-01,\n";

class ImportTest : public ::testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(holder.reload().ok()); }
    ImportReport apply(const ImportFiles& files) {
        auto report = importer.apply(files);
        EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().describe());
        return report.ok() ? *report : ImportReport{};
    }
    /// "file:line:column" of every problem.
    static std::vector<std::string> places(const ImportReport& report) {
        std::vector<std::string> found;
        for (const ImportProblem& problem : report.problems) {
            EXPECT_FALSE(problem.what.empty());
            EXPECT_FALSE(problem.todo.empty());
            found.push_back(problem.file + ":" + std::to_string(problem.line) + ":" + problem.column);
        }
        return found;
    }
    Day day(const char* text) { return dayAt(core::parseDate(text).value(), std::chrono::minutes(0)); }

    test::World world;
    DirectoryHolder holder{world.stores};
    int hashed = 0;
    Importer importer{{world.stores, holder, world.clock,
                       [this](const core::Secret& password, const store::PersonRecord&) -> core::Result<std::string> {
                           ++hashed;
                           return "hash:" + std::string(password.reveal());
                       },
                       [](const core::Secret& password, const store::PersonRecord&) -> core::Status {
                           if (password.size() >= 8) return {};
                           return core::makeError(core::ErrorCode::kInvalidInput, "too short");
                       }}};
    const ImportFiles all{kOrganisations, kPeople, kPosts};
};

}  // namespace yimen::identity
