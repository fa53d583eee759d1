export const taxonomyKinds = ['type', 'subtype', 'product', 'region', 'department', 'category'] as const;
export type TaxonomyKind = (typeof taxonomyKinds)[number];

/** One value of a fixed list (L1.2). The code travels; the names are for people. */
export interface TaxonomyTerm {
  code: string;
  zh: string;
  en: string;
  /** a subtype's type */
  parent?: string;
}

/** The lists a fresh set-up starts with. They are data: a set-up changes them, and no rule reads them from here. */
export const taxonomies: Readonly<Record<TaxonomyKind, readonly TaxonomyTerm[]>> = {
  type: [
    { code: 'product_quality', zh: '产品质量', en: 'Product quality' },
    { code: 'logistics', zh: '物流配送', en: 'Logistics' },
    { code: 'service_attitude', zh: '服务态度', en: 'Service attitude' },
    { code: 'price', zh: '价格', en: 'Price' },
    { code: 'other', zh: '其他', en: 'Other' },
  ],
  subtype: [
    { code: 'defect', zh: '产品缺陷', en: 'Defect', parent: 'product_quality' },
    { code: 'malfunction', zh: '功能故障', en: 'Malfunction', parent: 'product_quality' },
    { code: 'safety_hazard', zh: '安全隐患', en: 'Safety hazard', parent: 'product_quality' },
    { code: 'not_as_described', zh: '与描述不符', en: 'Not as described', parent: 'product_quality' },
    { code: 'late_delivery', zh: '配送延误', en: 'Late delivery', parent: 'logistics' },
    { code: 'damaged_parcel', zh: '包裹破损', en: 'Damaged parcel', parent: 'logistics' },
    { code: 'lost_parcel', zh: '包裹丢失', en: 'Lost parcel', parent: 'logistics' },
    { code: 'wrong_item', zh: '发错货', en: 'Wrong item', parent: 'logistics' },
    { code: 'rudeness', zh: '态度恶劣', en: 'Rudeness', parent: 'service_attitude' },
    { code: 'slow_response', zh: '响应迟缓', en: 'Slow response', parent: 'service_attitude' },
    { code: 'passing_the_buck', zh: '推诿扯皮', en: 'Passing the buck', parent: 'service_attitude' },
    { code: 'wrong_information', zh: '误导客户', en: 'Wrong information', parent: 'service_attitude' },
    { code: 'overcharge', zh: '多收费', en: 'Overcharge', parent: 'price' },
    { code: 'price_difference', zh: '价格差异', en: 'Price difference', parent: 'price' },
    { code: 'refund', zh: '退款', en: 'Refund', parent: 'price' },
    { code: 'invoice', zh: '发票', en: 'Invoice', parent: 'price' },
    { code: 'suggestion', zh: '建议', en: 'Suggestion', parent: 'other' },
    { code: 'website', zh: '网站与应用', en: 'Website and app', parent: 'other' },
    { code: 'unclassified', zh: '未分类', en: 'Unclassified', parent: 'other' },
  ],
  product: [
    { code: 'computer', zh: '电脑', en: 'Computer' },
    { code: 'phone', zh: '手机', en: 'Phone' },
    { code: 'appliance', zh: '家用电器', en: 'Household appliance' },
    { code: 'book', zh: '图书', en: 'Book' },
    { code: 'hotel', zh: '酒店', en: 'Hotel' },
    { code: 'other', zh: '其他产品', en: 'Other product' },
  ],
  region: [
    { code: 'northeast', zh: '东北', en: 'Northeast China' },
    { code: 'north', zh: '华北', en: 'North China' },
    { code: 'northwest', zh: '西北', en: 'Northwest China' },
    { code: 'east', zh: '华东', en: 'East China' },
    { code: 'central', zh: '华中', en: 'Central China' },
    { code: 'south', zh: '华南', en: 'South China' },
    { code: 'southwest', zh: '西南', en: 'Southwest China' },
    { code: 'other', zh: '其他地区', en: 'Other region' },
  ],
  department: [
    { code: 'production', zh: '生产部', en: 'Production' },
    { code: 'logistics', zh: '物流部', en: 'Logistics' },
    { code: 'customer_service', zh: '客户服务部', en: 'Customer service' },
    { code: 'sales', zh: '销售部', en: 'Sales' },
    { code: 'finance', zh: '财务部', en: 'Finance' },
    { code: 'engineering', zh: '技术部', en: 'Engineering' },
    { code: 'quality', zh: '质量部', en: 'Quality' },
  ],
  category: [
    { code: 'people', zh: '人员', en: 'People' },
    { code: 'method', zh: '方法', en: 'Method' },
    { code: 'machine', zh: '设备', en: 'Machine' },
    { code: 'material', zh: '物料', en: 'Material' },
    { code: 'measurement', zh: '测量', en: 'Measurement' },
    { code: 'environment', zh: '环境', en: 'Environment' },
    { code: 'process', zh: '流程', en: 'Process' },
    { code: 'policy', zh: '政策制度', en: 'Policy' },
  ],
};
