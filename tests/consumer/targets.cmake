# The names that applications and packs link are the same in every way.
foreach(name host server core native json)
  if(NOT TARGET cowork::${name})
    message(FATAL_ERROR "there is no target cowork::${name}")
  endif()
endforeach()
if(NOT COMMAND cowork_add_pack)
  message(FATAL_ERROR "there is no command cowork_add_pack")
endif()
