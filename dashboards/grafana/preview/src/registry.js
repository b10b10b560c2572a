/** The options of a field that Grafana itself would register: without them applyFieldOverrides ignores the configuration. */
import {
  displayNameOverrideProcessor, identityOverrideProcessor, numberOverrideProcessor, standardFieldConfigEditorRegistry,
  standardTransformers, standardTransformersRegistry, stringOverrideProcessor, thresholdsOverrideProcessor,
  unitOverrideProcessor, valueMappingsOverrideProcessor,
} from '@grafana/data';

const option = (id, process) => ({
  id, path: id, name: id, description: id, process, override: () => null, editor: () => null, shouldApply: () => true, settings: {},
});

export function register() {
  standardFieldConfigEditorRegistry.setInit(() => [
    option('unit', unitOverrideProcessor),
    option('min', numberOverrideProcessor),
    option('max', numberOverrideProcessor),
    option('decimals', numberOverrideProcessor),
    option('displayName', displayNameOverrideProcessor),
    option('noValue', stringOverrideProcessor),
    option('color', identityOverrideProcessor),
    option('thresholds', thresholdsOverrideProcessor),
    option('mappings', valueMappingsOverrideProcessor),
    option('links', identityOverrideProcessor),
  ]);
  standardTransformersRegistry.setInit(() =>
    [standardTransformers.mergeTransformer, standardTransformers.organizeFieldsTransformer].map((t) => ({
      id: t.id, name: t.name, transformation: async () => t, editor: () => null, aliasIds: [],
    })),
  );
}
