metadata description = 'Types that several modules share.'

@export()
@description('Tags of a resource.')
type tagMap = {
  @description('Value of the tag.')
  *: string
}
