metadata description = 'Types shared by several modules.'

@export()
@description('Tags of a resource.')
type tagMap = {
  @description('Value of the tag.')
  *: string
}
