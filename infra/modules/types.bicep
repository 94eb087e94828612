// Types that several files share.

@export()
@description('Tags of a resource.')
type tagsType = {
  @description('The value of a tag.')
  *: string
}
