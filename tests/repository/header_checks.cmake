# The test headers_self_contained: every header compiles on its own. The normal build shows it for a header that its own
# .cpp includes first (looked up when the build is configured), except in rooms that are compiled in batches; for the
# others a small source is compiled. Headers that
# reach LibTorch are left to their users, because one alone takes most of a minute.

# -> TRUE in ${out} when the header includes LibTorch, itself or through other headers of src/
function(ombra_reaches_torch header out)
  get_property(known GLOBAL PROPERTY ombra_torch_${header})
  if(NOT DEFINED known OR known STREQUAL "")
    set_property(GLOBAL PROPERTY ombra_torch_${header} FALSE)  # ends a cycle
    set(known FALSE)
    file(STRINGS ${PROJECT_SOURCE_DIR}/src/${header} lines REGEX "^ *# *include")
    foreach(line IN LISTS lines)
      if(line MATCHES "<(torch|ATen|c10)/")
        set(known TRUE)
      elseif(line MATCHES "\"([^\"]+)\"" AND EXISTS ${PROJECT_SOURCE_DIR}/src/${CMAKE_MATCH_1})
        ombra_reaches_torch(${CMAKE_MATCH_1} reaches)
        if(reaches)
          set(known TRUE)
        endif()
      endif()
    endforeach()
    set_property(GLOBAL PROPERTY ombra_torch_${header} ${known})
  endif()
  set(${out} ${known} PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE headers RELATIVE ${PROJECT_SOURCE_DIR}/src CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/*.hpp)
set(sources)
foreach(header IN LISTS headers)
  string(REGEX REPLACE "\\.hpp$" ".cpp" own ${PROJECT_SOURCE_DIR}/src/${header})
  set(first)
  if(EXISTS ${own})
    file(STRINGS ${own} first REGEX "^ *# *include" LIMIT_COUNT 1)
  endif()
  ombra_reaches_torch(${header} reaches)
  get_filename_component(room ${header} DIRECTORY)
  set(batched FALSE)
  if(room MATCHES "^(model/layers|model/dancers|train|evaluate|cli)$")
    set(batched TRUE)
  endif()
  if((batched OR NOT first STREQUAL "#include \"${header}\"") AND NOT reaches)
    string(MAKE_C_IDENTIFIER ${header} name)
    file(CONFIGURE OUTPUT header_checks/${name}.cpp CONTENT "#include \"${header}\"\n#include \"${header}\"\n")
    list(APPEND sources ${CMAKE_CURRENT_BINARY_DIR}/header_checks/${name}.cpp)
  endif()
endforeach()

add_library(header_checks OBJECT EXCLUDE_FROM_ALL ${sources})
target_include_directories(header_checks PRIVATE ${PROJECT_SOURCE_DIR}/src)  # the checks belong to no room
target_compile_options(header_checks PRIVATE -O0)
target_link_libraries(header_checks PRIVATE ombra_options fmt::fmt spdlog::spdlog PkgConfig::tomlpp glm::glm
  nlohmann_json::nlohmann_json CLI11::CLI11 PkgConfig::sdl2 PkgConfig::epoxy PkgConfig::portaudio PkgConfig::kissfft
  PkgConfig::ffmpeg PkgConfig::stb PkgConfig::imgui)
add_test(NAME headers_self_contained
  COMMAND ${CMAKE_COMMAND} --build ${CMAKE_BINARY_DIR} --target header_checks)
set_tests_properties(headers_self_contained PROPERTIES LABELS slow TIMEOUT 600)
